"""The same rows again in another test's transaction: written down once, then inserted, in a tenth of the time."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.db import connection
from django.utils import timezone

from accounts.models import Person

Made = TypeVar("Made")
FRESH = timedelta(minutes=5)  # what was made "in an hour" is still about that far away


@dataclass
class Kept(Generic[Made]):
    """What `make` returns, and every row that it left in the database. Nobody must be in there before.

    `ground` is what was there before and is named by these rows: after a test that emptied the database it is another.
    """

    make: Callable[[], Made]
    ground: Callable[[], list[Any]]
    ground_then: list[Any] | None = None
    made: Made | None = None
    made_at: datetime | None = None
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    def again(self) -> Made:
        """Return it with its rows: inserted in the transaction of a test, made anew where a test commits."""
        if not connection.in_atomic_block or Person.objects.exists():
            return self.make()
        is_fresh = self.made_at is not None and abs(timezone.now() - self.made_at) < FRESH
        if not is_fresh or self.ground() != self.ground_then:
            return self.make_and_keep()
        for table, rows in self.rows.items():
            insert(table, rows)
        return deepcopy(self.made)  # type: ignore[return-value]

    def make_and_keep(self) -> Made:
        self.ground_then = self.ground()
        before = {table: set(rows_in(table)) for table in tables()}
        made, self.made_at = self.make(), timezone.now()
        self.made = deepcopy(made)
        after = {table: [row for row in rows_in(table) if row not in before[table]] for table in before}
        self.rows = {table: rows for table, rows in after.items() if rows}
        return made


def tables() -> Iterator[str]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model._meta.db_table


def rows_in(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of our own models
        return cursor.fetchall()


def insert(table: str, rows: list[tuple[Any, ...]]) -> None:
    places = ", ".join([f"({', '.join(['%s'] * len(rows[0]))})"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {connection.ops.quote_name(table)} VALUES {places}",  # noqa: S608 - as above
            [value for row in rows for value in row],
        )
