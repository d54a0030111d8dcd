"""The QR code that the wall shows before the session begins."""

import segno
from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from meetings.arrivals import arrival_code
from meetings.models import Meeting

register = template.Library()


@register.simple_tag
def arrival_picture(meeting: Meeting, request: HttpRequest) -> SafeString:
    """The address of checking in as a QR code, drawn as SVG."""
    address = request.build_absolute_uri(reverse("meetings:arrival", args=[meeting.pk, arrival_code(meeting)]))
    picture = segno.make(address, error="m", micro=False)
    return mark_safe(picture.svg_inline(omitsize=True, border=0, svgclass="qr", lineclass=None, dark="#1a1d21"))  # noqa: S308 - drawn by segno from our own address
