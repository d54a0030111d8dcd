"""Rows of sessions that were held, collected and written together: thousands of rows in a few statements.

What is written is what the actions would have written. The acts go through the log's own `append_to_chain`, so
that every chain holds (`manage.py verify`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from accounts.acts import append_to_chain
from accounts.models import Act, Person
from documents.models import Document
from meetings.models import (
    AgendaItem,
    Attendance,
    Conclusion,
    ItemTurn,
    Meeting,
    Participant,
    Pause,
    Speech,
    TimeCorrection,
)
from realtime.transactions import one_transaction
from voting.models import Ballot, Elector, Poll

Row = TypeVar("Row", bound=models.Model)
Facts = Callable[[], dict[str, Any]]
# In this order, because rows name others by keys that the database gives.
WRITTEN = (
    *(Meeting, Participant, AgendaItem, AgendaItem.admitted.through),
    *(ItemTurn, Pause, TimeCorrection, Attendance, Speech, Conclusion),
    *(Document, Poll, Elector, Ballot),
)
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Told:
    """An act that is recorded once the rows it names have their keys."""

    meeting: Meeting
    at: datetime
    act: str
    by: Person
    about: models.Model | None
    facts: Facts


@dataclass
class Chronicle:
    rows: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)
    acts: list[Told] = field(default_factory=list)

    def add(self, row: Row) -> Row:
        self.rows.setdefault(type(row), []).append(row)
        return row

    def tell(
        self, meeting: Meeting, act: str, *, at: datetime, by: Person, about: models.Model | None = None, **facts: Any
    ) -> None:
        self.acts.append(Told(meeting, at, act, by, about, lambda: facts))

    def tell_later(
        self, meeting: Meeting, act: str, *, at: datetime, by: Person, about: models.Model, facts: Facts
    ) -> None:
        """As `tell`, with facts that hold keys the database has not given yet."""
        self.acts.append(Told(meeting, at, act, by, about, facts))

    def write(self) -> None:
        with one_transaction():
            for model in WRITTEN:
                rows: Any = self.rows.get(model, [])
                model._default_manager.bulk_create(rows, batch_size=ROWS_AT_ONCE)
            for chain, told in self.by_chain():
                append_to_chain(chain, [link(chain, one) for one in told])

    def by_chain(self) -> Iterable[tuple[str, list[Told]]]:
        chains: dict[str, list[Told]] = {}
        for told in self.acts:
            chains.setdefault(told.meeting.chain, []).append(told)
        for chain in sorted(chains):
            yield chain, sorted(chains[chain], key=lambda told: told.at)


def link(chain: str, told: Told) -> Act:
    return Act(
        chain=chain, at=told.at, act=told.act, by=told.by, about=name_in_log(chain, told.about), facts=told.facts()
    )


def name_in_log(chain: str, about: models.Model | None) -> str:
    if isinstance(about, AgendaItem):
        return f"item:{about.pk}"
    if isinstance(about, Poll):
        return about.about
    return f"person:{about.pk}" if isinstance(about, Person) else chain
