"""Pages of a paper as links."""

from collections.abc import Sequence

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from documents.models import DocumentVersion
from documents.new_versions import RANGES_SAID, pages_in_words

register = template.Library()


@register.simple_tag
def page_links(version: DocumentVersion, ranges: Sequence[tuple[int, int]]) -> SafeString:
    """`3–5, 9`, each leading to its first page: in the reader at once, elsewhere through the page of the paper."""
    address = reverse("documents:document", args=[version.document_id])
    links = format_html_join(
        ", ",
        '<a class="page-link" data-open-paper="{}" data-page="{}" href="{}?page={}">{}</a>',
        ((version.pk, first, address, first, pages_in_words(first, last)) for first, last in ranges[:RANGES_SAID]),
    )
    return format_html("{}, …", links) if len(ranges) > RANGES_SAID else links
