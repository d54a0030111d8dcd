"""The log of acts: only ever longer, and a break is found."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts.acts import INSTALLATION, breaks, record
from accounts.models import Act, ChainHead
from realtime.transactions import one_transaction

pytestmark = pytest.mark.django_db


def write(*acts: str, chain: str = INSTALLATION) -> None:
    with one_transaction():
        for act in acts:
            record(chain, act, by=None, about="test", facts={"số": 1})


def test_acts_are_numbered_without_gaps_and_linked_per_chain() -> None:
    write("first", "second")
    write("elsewhere", chain="meeting:1")
    write("third")

    rows = list(Act.objects.filter(chain=INSTALLATION).order_by("number"))
    assert [(row.number, row.act) for row in rows] == [(1, "first"), (2, "second"), (3, "third")]
    assert [row.previous_hash for row in rows] == ["", rows[0].hash, rows[1].hash]
    assert Act.objects.get(chain="meeting:1").number == 1
    assert list(breaks()) == []


def test_what_a_rolled_back_savepoint_did_is_not_in_the_log() -> None:
    with one_transaction():
        record(INSTALLATION, "kept", by=None, about="test")
        with pytest.raises(RuntimeError), one_transaction():  # noqa: PT012 - the block is the savepoint
            record(INSTALLATION, "dropped", by=None, about="test")
            raise RuntimeError("changed my mind")
    assert [act.act for act in Act.objects.all()] == ["kept"]


@pytest.mark.parametrize("statement", ["UPDATE accounts_act SET act = 'other'", "DELETE FROM accounts_act"])
def test_the_database_refuses_to_change_or_delete_an_act(statement: str) -> None:
    write("first")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert [act.act for act in Act.objects.all()] == ["first"]


def test_verify_finds_a_forged_act() -> None:
    write("first", "second")
    call_command("verify")
    forged = Act(chain=INSTALLATION, number=3, at=Act.objects.last().at, act="forged", about="x", hash="0" * 64)
    forged.save()
    ChainHead.objects.filter(name=INSTALLATION).update(number=3, hash="0" * 64)

    with pytest.raises(CommandError, match="broken in 2 place"):
        call_command("verify")


def test_verify_finds_a_chain_whose_end_was_cut_off() -> None:
    write("first", "second")
    ChainHead.objects.filter(name=INSTALLATION).update(number=7)
    assert [(found.number, found.reason) for found in breaks()] == [(2, "the end was cut off")]
