"""The entries of the site's head: apps contribute them in `AppConfig.ready()`, each with a rule who sees it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from accounts.models import Person

May = Callable[[Person], bool]


@dataclass(frozen=True)
class Entry:
    """A link of the head. `below` begins the addresses that belong to it; empty, only its own does."""

    url_name: str
    label: str | Promise
    icon: str  # of lucide
    may: May
    place: int
    below: str = ""


@dataclass(frozen=True)
class Link:
    """An entry as one person sees it on one page. `here`: "page", "true" (below it) or ""."""

    label: str | Promise
    icon: str
    url: str
    here: str


_entries: dict[str, Entry] = {}


def everybody(person: Person) -> bool:
    return True


def register_entry(
    url_name: str, label: str | Promise, icon: str, *, place: int, may: May = everybody, below: str = ""
) -> None:
    """Contribute a link; `place` orders them, smaller ones first. Registered again, it takes the place of the first."""
    _entries[url_name] = Entry(url_name, label, icon, may, place, below)


def links_for(person: Person, path: str) -> list[Link]:
    """The links this person sees, in order, on the page with that path."""
    entries = sorted(_entries.values(), key=lambda entry: (entry.place, entry.url_name))
    return [link_to(entry, path) for entry in entries if entry.may(person)]


def link_to(entry: Entry, path: str) -> Link:
    url = reverse(entry.url_name)
    here = "page" if path == url else "true" if entry.below and path.startswith(entry.below) else ""
    return Link(entry.label, entry.icon, url, here)
