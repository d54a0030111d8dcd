"""What all tests share: the cast, and a database that may be emptied although its log of acts may not."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

from meetings.models import RuleSet
from tests.council import Council, make_council
from tests.kept_rows import Kept

the_council = Kept(make_council, lambda: list(RuleSet.objects.order_by("pk").values_list("pk", flat=True)))


@pytest.fixture
def council(db: None) -> Council:
    return the_council.again()


@pytest.fixture(autouse=True)
def nothing_is_remembered_from_the_test_before() -> None:
    """Redis is not rolled back, and parallel runs share it: each test counts under names of its own."""
    if settings.REDIS_URL:
        caches["default"].key_prefix = uuid4().hex


@pytest.fixture(autouse=True, scope="session")
def the_emptying_of_test_databases_passes_the_triggers() -> Iterator[None]:
    """SQLite empties tables with DELETE, which the log of acts and frozen baselines refuse: lift those triggers then.

    The others stay: they keep the index of words in step with what is deleted.
    """
    if connection.vendor != "sqlite":
        yield
        return
    operations = type(connection.ops)
    original = operations.sql_flush

    def sql_flush(self: BaseDatabaseOperations, style: object, tables: list[str], **options: object) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(%'")
            triggers = cursor.fetchall()
        dropped = [f"DROP TRIGGER {name}" for name, _sql in triggers]
        return [*dropped, *original(self, style, tables, **options), *[sql for _name, sql in triggers]]

    operations.sql_flush = sql_flush  # type: ignore[method-assign]
    yield
    operations.sql_flush = original  # type: ignore[method-assign]


# Files of few slow tests: they go first, so that at the end no worker waits for the other.
SLOW = ("tests/journeys/test_a_session", "tests/demo/test_command", "tests/journeys", "tests/documents/test_intake")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return next((number for number, name in enumerate(SLOW) if item.nodeid.startswith(name)), len(SLOW))

    items.sort(key=place)
