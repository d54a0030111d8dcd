"""Many rows at once, where making a model of each would cost more than all else that a batch does."""

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models

ROWS_MOST = 500  # in one statement: SQLite takes 32 766 values

Adapt = Callable[[Any], Any]


def insert(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows, each with a value for each of the fields named. Nothing is checked and no signal is sent."""
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    adapts = [adapt_for(field) for field in fields]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    into = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({columns})"
    for first in range(0, len(rows), ROWS_MOST):
        part = [
            [adapt(value) for adapt, value in zip(adapts, row, strict=True)] for row in rows[first : first + ROWS_MOST]
        ]
        values: list[Any]
        if connection.vendor == "postgresql":
            # Its driver looks for places in a statement one by one: an array for each column has few.
            arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
            what = f"SELECT * FROM unnest({arrays})"  # noqa: S608 - types of our own fields
            values = [[*column] for column in zip(*part, strict=True)]
        else:
            places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(part))
            what, values = f"VALUES {places}", [value for row in part for value in row]
        with connection.cursor() as cursor:
            cursor.execute(f"{into} {what}", values)


def insert_unless_there(row: models.Model) -> Any:
    """Insert one row, ready in every field; return its key, or None where a constraint says that it is there already.

    It waits for a transaction that is inserting the same. One statement, where to insert, ignore and look takes two.
    """
    return put(row, [field for field in row._meta.concrete_fields if not field.primary_key])


def put_unless_there(row: models.Model) -> bool:
    """The same for a row that brings its own key; say whether it was put in."""
    return put(row, list(row._meta.concrete_fields)) is not None


def put(row: models.Model, fields: list[Any]) -> Any:
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table, places = connection.ops.quote_name(row._meta.db_table), ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - names of our own models
            f" ON CONFLICT DO NOTHING RETURNING {connection.ops.quote_name(str(row._meta.pk.column))}",
            [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields],
        )
        found = cursor.fetchone()
    return found[0] if found else None


def adapt_for(field: Any) -> Adapt:
    """Return what makes a value of this field, or the key it points to, ready for the database."""
    field = getattr(field, "target_field", field)
    if isinstance(field, models.JSONField):
        return json_or_null
    if isinstance(field, models.UUIDField):
        return as_it_is if connection.features.has_native_uuid_field else hex_of
    if isinstance(field, models.DateTimeField):
        return lru_cache(connection.ops.adapt_datetimefield_value)  # most rows of a batch are of one moment
    return as_it_is


def as_it_is(value: Any) -> Any:
    return value


def json_or_null(value: Any) -> str | None:
    return None if value is None else json.dumps(value)


def hex_of(value: Any) -> str | None:
    return None if value is None else str(value.hex)
