"""Entries above the last two thousand are forgotten, and whoever still needs them is reset."""

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.utils import timezone

from realtime import housekeeping
from realtime.housekeeping import trim
from realtime.models import Entry, Operation
from realtime.seconds import work_of_this_second
from realtime.streams import head, publish
from realtime.transactions import one_transaction
from tests.realtime.tablet import in_db, tablet_of


def write(count: int) -> None:
    with one_transaction():
        for number in range(count):
            publish("slate:1", {"word": str(number)})


@pytest.mark.django_db
def test_the_last_entries_are_kept_and_the_floor_says_which():
    write(30)
    trim("slate:1", keep=10)
    assert head("slate:1")[1:] == (30, 20)
    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == list(range(21, 31))
    trim("slate:1", keep=10)
    trim("slate:1", keep=100)
    assert head("slate:1")[1:] == (30, 20)


@pytest.mark.django_db
def test_answers_are_forgotten_when_no_tablet_asks_for_them_any_more():
    for days in (0, 7, 13, 15, 30, 400):
        at = timezone.now() - timedelta(days=days)
        Operation.objects.create(
            actor="person:1", op=uuid4(), kind="write_word", digest="", answer={"days": days}, at=at
        )
    with patch.object(housekeeping, "ANSWERS_AT_ONCE", 2):
        work_of_this_second()
        assert Operation.objects.count() == 4
        work_of_this_second()
    kept = Operation.objects.order_by("-at").values_list("answer", flat=True)
    assert [answer["days"] for answer in kept] == [0, 7, 13]


@pytest.mark.django_db(transaction=True, available_apps=["realtime"])
@pytest.mark.asyncio
async def test_a_stream_that_is_listened_to_is_trimmed_by_itself():
    with patch.object(housekeeping, "SLACK", -1990):  # more than ten
        tablet, _ = await tablet_of("person:1", {"slate:1": None})
        await tablet.hear_a("reset")
        await in_db(write, 30)
        with patch.object(trim, "__defaults__", (10,)):
            await tablet.hear_a("entries")
            floor = 0
            while floor != 20:
                await tablet.say({"t": "listen", "streams": {"slate:1": None}})
                floor = (await tablet.hear_a("listening"))["streams"]["slate:1"]["floor"]
    epoch = (await in_db(head, "slate:1"))[0]
    behind, _ = await tablet_of("person:2", {"slate:1": [epoch, 15]})
    assert (await behind.hear())["t"] == "reset"
    near, _ = await tablet_of("person:3", {"slate:1": [epoch, 25]})
    assert (await near.hear())["from"] == 26
