"""A walk through all pages that a person finds by following links: each kind of page once."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

LEFT_OUT = {"account_logout", "source"}
# What is read or heard of an element besides its text.
SPOKEN = {"aria-label", "title", "placeholder", "alt", "aria-description"}
UNSEEN = {"script", "style"}


class Words(HTMLParser):
    """The texts of a page, spoken attributes and words for scripts included, and its links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        for name, value in attrs:
            if name in SPOKEN or name.startswith("data-word"):
                self.add(value or "")
            if tag == "a" and name == "href":
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not UNSEEN & set(self._open[-1:]):
            self.add(data)

    def add(self, text: str) -> None:
        if kept := " ".join(text.split()):
            self.texts.append(kept)


def pages_of(client: Client, start: str = "/") -> Iterator[tuple[str, Words]]:
    """(address, words) of every kind of page within reach by links, beginning at `start`."""
    waiting, seen = [start], set()
    while waiting:
        address = waiting.pop(0)
        name = name_of(address)
        if name is None or name in seen | LEFT_OUT:
            continue
        seen.add(name)
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, f"{address} answers {answer.status_code}"
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        words = Words(answer.content.decode())
        waiting += [urldefrag(urljoin(address, link)).url for link in words.links]
        yield address, words


def name_of(address: str) -> str | None:
    """The name of a page of ours; None for what lies elsewhere."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    try:
        return resolve(parts.path).view_name
    except Resolver404:
        return None
