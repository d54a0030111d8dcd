"""Who has read which paper of a meeting: as many queries for forty papers as for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from accounts.models import Person
from documents.models import Document, DocumentVersion, Opening
from documents.openings import is_read
from documents.rules import readers_by_paper
from meetings.models import Meeting


class State(StrEnum):
    READ = "read"
    OPENED = "opened"
    UNOPENED = "unopened"


@dataclass(frozen=True)
class Receipt:
    """How far one person is in the version in force of a paper. Earlier versions do not count: a new one is unread."""

    page_count: int
    pages_seen: int | None = None  # None: never opened

    @property
    def state(self) -> State:
        if self.pages_seen is None:
            return State.UNOPENED
        return State.READ if is_read(self.pages_seen, self.page_count) else State.OPENED


@dataclass(frozen=True)
class PaperReceipts:
    """One paper with a receipt for each person who may read it today."""

    document: Document
    version: DocumentVersion
    receipts: dict[Person, Receipt]

    @property
    def readers_count(self) -> int:
        return len(self.receipts)

    @cached_property
    def by_state(self) -> dict[str, list[Person]]:
        found: dict[str, list[Person]] = {state: [] for state in State}
        for person, receipt in self.receipts.items():
            found[receipt.state].append(person)
        return found

    @property
    def read_count(self) -> int:
        return len(self.by_state[State.READ])


def receipts_of(meeting: Meeting, in_force: Mapping[Document, DocumentVersion]) -> list[PaperReceipts]:
    """The receipts of these papers of the meeting, each given with the version one reads."""
    if not in_force:
        return []
    readers = readers_by_paper(meeting, in_force)
    seen: dict[object, dict[int, int]] = defaultdict(dict)
    openings = Opening.objects.filter(version__in=in_force.values()).order_by()
    for version, person, pages_seen in openings.values_list("version", "person", "pages_seen"):
        seen[version][person] = pages_seen
    return [
        PaperReceipts(
            document,
            version,
            {person: Receipt(version.page_count, seen[version.pk].get(person.pk)) for person in readers[document.pk]},
        )
        for document, version in in_force.items()
    ]
