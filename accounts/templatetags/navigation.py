"""Where the head of a page leads."""

from django import template
from django.http import HttpRequest

from accounts.navigation import Link, links_for

register = template.Library()


@register.simple_tag
def site_links(request: HttpRequest) -> list[Link]:
    """The entries for whoever is logged in; nobody has none."""
    return links_for(request.user, request.path) if request.user.is_authenticated else []
