"""The socket: who may speak, what is heard, and that everyone ends up with the same."""

import asyncio
import json
import threading
import time
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
import time_machine
from django.core import signing
from django.db import OperationalError

from realtime import readings, sync
from realtime import socket as socket_module
from realtime.models import Entry, Stream
from realtime.principals import RIGHTS_STREAM, Principal, logged_out, rights_changed
from realtime.rights import Allowed, allowed_now
from realtime.streams import head, publish, touch, touch_now
from realtime.transactions import one_transaction
from realtime.wakeups import listeners
from tests.realtime import hall
from tests.realtime.tablet import PATIENCE_SECONDS, Tablet, hello, in_db, tablet_of, ticket_for

pytestmark = [pytest.mark.django_db(transaction=True, available_apps=["realtime"]), pytest.mark.asyncio]


def write(*words: str, slate: str = "slate:1") -> None:
    with one_transaction():
        for word in words:
            publish(slate, {"word": word})


def ring(*panels: str) -> None:
    with one_transaction():
        touch("hall:1", *panels)


def words_of(frame: dict) -> list[str]:
    return [body["word"] for body in frame["e"]]


# -- The first frame


async def test_a_tablet_with_a_ticket_is_welcomed_and_told_where_its_streams_stand():
    await in_db(write, "một", "hai")
    epoch = (await in_db(head, "slate:1"))[0]
    _tablet, welcome = await tablet_of("person:1", {"slate:1": None, "hall:1": None, "secret:1": None})
    assert welcome["principal"] == "person:1"
    assert welcome["streams"]["slate:1"] == {"epoch": epoch, "head": 2, "floor": 0}
    assert welcome["streams"]["hall:1"]["head"] == 0
    assert welcome["refused"] == ["secret:1"]


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ({"t": "ping"}, "invalid"),
        ({"t": "hello"}, "invalid"),
        (hello("x", v=2), "upgrade"),
        (hello("x", streams={"slate:1": 7}), "invalid"),
        (hello("x", streams={"slate:1": ["epoch", -1]}), "invalid"),
        (hello("x", streams={f"slate:{number}": None for number in range(65)}), "invalid"),
        (hello("not a ticket"), "ticket"),
        (hello(signing.dumps({"principal": {"key": "person:1"}}, salt="another")), "ticket"),
        (hello(signing.dumps({"principal": {"key": "person:1"}}, salt="realtime.ticket", key="another key")), "ticket"),
        (hello(signing.dumps({"key": "person:1"}, salt="realtime.ticket")), "ticket"),
    ],
)
async def test_whoever_does_not_begin_with_a_valid_hello_is_sent_away(first: dict, code: str):
    tablet = await Tablet().connect()
    await tablet.say(first)
    assert await tablet.hear() == {"t": "bye", "code": code}
    assert (await tablet.line.receive_output())["type"] == "websocket.close"


async def test_a_ticket_ends_after_ten_minutes():
    with time_machine.travel("2026-03-01 08:00 +07:00", tick=True):
        ticket = await in_db(ticket_for, "person:1")
    with time_machine.travel("2026-03-01 08:11 +07:00", tick=True):
        tablet = await Tablet().connect()
        await tablet.say(hello(ticket))
        assert await tablet.hear() == {"t": "bye", "code": "ticket"}


async def test_whoever_says_nothing_is_sent_away_too():
    with patch.object(socket_module, "HELLO_SECONDS", 0.05):
        tablet = await Tablet().connect()
        assert await tablet.hear() == {"t": "bye", "code": "timeout"}


async def test_a_ticket_from_before_logging_out_opens_nothing():
    ticket = await in_db(ticket_for, "person:1")
    await in_db(logged_out, "person:1")
    tablet = await Tablet().connect()
    await tablet.say(hello(ticket))
    assert await tablet.hear() == {"t": "bye", "code": "logged_out"}


# -- Later frames


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        '{"t": 1}',
        '{"t": "fly"}',
        '{"t": "op", "ops": [{"op": "ID", "t": "write_word", "word": "yes", "size": NaN}]}',
        '{"t": "op", "ops": [{"op": "ID", "t": "write_word", "word": "yes", "size": 1e999}]}',
        '{"t": "op", "ops": [{"op": "1", "t": "write_word", "word": "yes"}]}',
        '{"t": "op"}',
        '{"t": "listen", "streams": []}',
        '{"t": "ephemeral", "s": "slate:1"}',
        '{"t": "ephemeral", "s": "slate:1", "k": "pointer", "x": NaN}',
        '{"t": "ephemeral", "s": "slate:1", "k": "pointer", "x": -1e999}',
        "[" * 100_000,
    ],
)
async def test_a_frame_that_cannot_be_understood_ends_the_conversation(text: str):
    tablet, _ = await tablet_of("person:1")
    await tablet.line.send_to(text_data=text.replace("ID", str(uuid4())))
    assert await tablet.hear() == {"t": "bye", "code": "invalid"}
    assert not await in_db(Entry.objects.exists)


async def test_a_ping_is_answered_with_the_time_and_the_heads():
    await in_db(write, "một")
    tablet, _ = await tablet_of("person:1", {"slate:1": None})
    await tablet.say({"t": "ping"})
    pong = await tablet.hear_a("pong")
    assert pong["heads"] == {"slate:1": 1}
    assert abs(pong["now"] / 1000 - time.time()) < 60


# -- Entries


async def test_a_newcomer_gets_the_whole_state_and_then_each_entry():
    await in_db(write, "một", "hai")
    tablet, _ = await tablet_of("person:1", {"slate:1": None})
    reset = await tablet.hear_a("reset")
    assert (reset["s"], reset["seq"], reset["state"]) == ("slate:1", 2, ["một", "hai"])
    await in_db(write, "ba", "bốn")
    entries = await tablet.hear_a("entries")
    assert (entries["from"], entries["to"], words_of(entries)) == (3, 4, ["ba", "bốn"])


async def test_a_state_larger_than_a_message_may_be_comes_in_parts():
    letters = ['"' * 300_000, "ữ" * 300_000, "\\" * 300_000]
    await in_db(write, *letters)
    tablet, _ = await tablet_of("person:1", {"slate:1": None})
    await tablet.hear_ticket()
    message = await tablet.line.receive_from(5)
    assert len(message.encode()) < 1024 * 1024
    first = json.loads(message)
    assert (first["t"], first["n"]) == ("part", 1)
    texts = [first["text"], *[(await tablet.hear_message())["text"] for _ in range(first["of"] - 1)]]
    assert json.loads("".join(texts))["state"] == letters


async def test_a_tablet_that_was_cut_off_gets_exactly_what_it_missed():
    await in_db(write, "một", "hai")
    epoch = (await in_db(head, "slate:1"))[0]
    await in_db(write, "ba", "bốn")
    tablet, _ = await tablet_of("person:1", {"slate:1": [epoch, 2]})
    entries = await tablet.hear()
    assert (entries["t"], entries["from"], entries["to"], words_of(entries)) == ("entries", 3, 4, ["ba", "bốn"])
    other, _ = await tablet_of("person:2", {"slate:1": [epoch, 3]})
    assert words_of(await other.hear()) == ["bốn"]
    third, _ = await tablet_of("person:3", {"slate:1": [epoch, 4]})
    assert await third.hears_nothing()


@pytest.mark.parametrize("known", [["another epoch", 1], ["", 3], ["EPOCH", 99], ["EPOCH", 1]])
async def test_a_tablet_that_knows_another_past_is_reset(known: list):
    """Another epoch, a number that was never reached, or one below what is kept."""
    await in_db(write, "một", "hai", "ba")
    epoch = (await in_db(head, "slate:1"))[0]
    await in_db(lambda: Stream.objects.filter(name="slate:1").update(floor=2))
    tablet, _ = await tablet_of("person:1", {"slate:1": [known[0].replace("EPOCH", epoch), known[1]]})
    reset = await tablet.hear()
    assert (reset["t"], reset["epoch"], reset["seq"]) == ("reset", epoch, 3)


async def test_an_entry_of_another_process_arrives_although_nobody_wakes_the_hub():
    tablet, _ = await tablet_of("person:1", {"slate:1": None})
    await tablet.hear_a("reset")
    with without_wakeups():
        await in_db(write, "từ xa")
    assert words_of(await tablet.hear_a("entries")) == ["từ xa"]


async def test_a_lost_wake_up_does_not_change_the_order():
    tablet, _ = await tablet_of("person:1", {"slate:1": None})
    await tablet.hear_a("reset")
    with without_wakeups():
        await in_db(write, "một")
    await in_db(write, "hai")
    assert words_of(await tablet.hear_a("entries")) == ["một", "hai"]


async def test_a_restored_backup_resets_whoever_listens():
    await in_db(write, "một", "hai")
    tablet, _ = await tablet_of("person:1", {"slate:1": None})
    await tablet.hear_a("reset")
    await in_db(lambda: Entry.objects.filter(number=2).delete())
    await in_db(lambda: Stream.objects.filter(name="slate:1").update(head=1, epoch="restored"))
    reset = await tablet.hear_a("reset")
    assert (reset["epoch"], reset["seq"], reset["state"]) == ("restored", 1, ["một"])


async def test_many_words_at_once_reach_many_tablets_without_a_gap():
    tablets = [(await tablet_of(f"person:{number}", {"slate:1": None}))[0] for number in range(3, 9)]
    for tablet in tablets:
        await tablet.hear_a("reset")
    await asyncio.gather(*(in_db(write, f"{writer} {turn}") for writer in range(4) for turn in range(10)))
    heard = []
    for tablet in tablets:
        numbers, words = [], []
        while len(words) < 40:
            frame = await tablet.hear_a("entries")
            numbers += range(frame["from"], frame["to"] + 1)
            words += words_of(frame)
        assert numbers == list(range(1, 41))
        heard.append(words)
    assert all(words == heard[0] for words in heard)


async def test_a_tablet_may_listen_to_more_and_to_less():
    tablet, _ = await tablet_of("person:1")
    await tablet.say({"t": "listen", "streams": {"slate:1": None, "nothing:1": None}})
    listening = await tablet.hear_a("listening")
    assert (list(listening["streams"]), listening["refused"]) == (["slate:1"], ["nothing:1"])
    await tablet.hear_a("reset")
    await tablet.say({"t": "leave", "streams": ["slate:1"]})
    await tablet.say({"t": "ping"})
    await tablet.hear_a("pong")
    await in_db(write, "một")
    assert await tablet.hears_nothing()


# -- Panels


async def test_a_newcomer_gets_every_panel_and_then_those_that_change():
    tablet, _ = await tablet_of("person:1", {"hall:1": None})
    reset = await tablet.hear_a("reset")
    assert (reset["seq"], reset["state"]) == (0, {"clock": "clock 0 vi", "count": "count 0 vi", "door": "door 0 vi"})
    await in_db(ring, "count")
    panels = await tablet.hear_a("panels")
    assert (panels["seq"], panels["p"]) == (1, {"count": "count 1 vi"})


async def test_a_tablet_that_was_cut_off_gets_each_panel_that_changed_once():
    await in_db(ring, "clock")
    epoch = (await in_db(head, "hall:1"))[0]
    for panels in (["count"], ["door", "count"]):
        await in_db(ring, *panels)
    tablet, _ = await tablet_of("person:1", {"hall:1": [epoch, 1]})
    panels = await tablet.hear_a("panels")
    assert (panels["seq"], panels["p"]) == (3, {"count": "count 3 vi", "door": "door 3 vi"})
    other, _ = await tablet_of("person:2", {"hall:1": [epoch, 3]})
    assert await other.hears_nothing()
    await in_db(ring, "clock")
    assert (await other.hear_a("panels"))["p"] == {"clock": "clock 4 vi"}


async def test_a_panel_is_rendered_once_per_language_for_all_tablets():
    tablets = [(await tablet_of(f"person:{number}", {"hall:1": None}))[0] for number in range(1, 5)]
    english, _ = await tablet_of("person:5", {"hall:1": None}, language="en")
    for tablet in [*tablets, english]:
        await tablet.hear_a("reset")
    hall.rendered.clear()
    await in_db(ring, "count")
    assert [(await tablet.hear_a("panels"))["p"]["count"] for tablet in tablets] == ["count 1 vi"] * 4
    assert (await english.hear_a("panels"))["p"]["count"] == "count 1 en"
    assert hall.rendered == {"count": 2}


async def test_slow_panels_skip_to_the_present():
    tablet, _ = await tablet_of("person:1", {"hall:1": None})
    await tablet.hear_a("reset")
    hall.rendered.clear()
    hall.rendering_takes_seconds = 0.1
    for _ in range(30):
        await in_db(ring, "count")
    seen = []
    while not seen or seen[-1]["seq"] < 30:
        seen.append(await tablet.hear_a("panels"))
    assert len(seen) <= 10
    assert hall.rendered["count"] <= 10
    for frame in seen:
        assert int(frame["p"]["count"].split()[1]) >= frame["seq"]
    assert seen[-1]["p"] == {"count": "count 30 vi"}


async def test_a_tablet_that_comes_while_others_are_served_lacks_nothing():
    """The number of every frame is a promise: all that changed up to it has been sent, as it was then or later."""
    tablets = []
    hall.rendering_takes_seconds = 0.02
    for turn in range(12):
        await in_db(ring, ["clock", "count", "door"][turn % 3])
        tablets.append((await tablet_of(f"person:{turn}", {"hall:1": None}))[0])
    last = {"clock": 10, "count": 11, "door": 12}
    for tablet in tablets:
        shown: dict[str, str] = {}
        frame = {"seq": -1}
        while frame["seq"] < 12:
            frame = await tablet.hear()
            shown |= frame["state"] if frame["t"] == "reset" else frame["p"]
            touched = {
                panel: max(
                    (n + 1 for n in range(frame["seq"]) if ["clock", "count", "door"][n % 3] == panel), default=0
                )
                for panel in last
            }
            assert all(int(shown[panel].split()[1]) >= number for panel, number in touched.items())
        assert all(int(shown[panel].split()[1]) >= number for panel, number in last.items())


async def test_a_panel_that_cannot_be_rendered_does_not_hold_up_the_others_and_comes_later(
    caplog: pytest.LogCaptureFixture,
):
    tablet, _ = await tablet_of("person:1", {"hall:1": None})
    await tablet.hear_a("reset")
    hall.broken_panels.add("count")
    await in_db(ring, "count", "door")
    assert (await tablet.hear_a("panels"))["p"] == {"door": "door 1 vi"}
    hall.broken_panels.clear()
    frame = await tablet.hear_a("panels")
    assert (frame["seq"], frame["p"]) == (2, {"count": "count 2 vi"})
    assert "Rendering the panel count of hall failed: ZeroDivisionError" in caplog.text


async def test_a_panel_the_stream_does_not_have_is_empty():
    tablet, _ = await tablet_of("person:1", {"hall:1": None})
    await tablet.hear_a("reset")
    await in_db(ring, "window")
    assert (await tablet.hear_a("panels"))["p"] == {"window": ""}


# -- Operations


async def test_an_operation_is_acknowledged_and_everyone_sees_it():
    tablet, _ = await tablet_of("person:1", {"slate:1": None})
    other, _ = await tablet_of("person:2", {"slate:1": None})
    op = await tablet.perform("write_word", word="yes")
    assert (await tablet.hear_a("ack"))["r"] == [{"op": op, "length": 3}]
    assert words_of(await other.hear_a("entries")) == ["yes"]


async def test_an_acknowledgement_that_was_lost_is_given_again():
    tablet, _ = await tablet_of("person:1")
    op = await tablet.perform("write_word", word="yes")
    await tablet.hang_up()
    again, _ = await tablet_of("person:1")
    await again.perform("write_word", op=op, word="yes")
    assert (await again.hear_a("ack"))["r"] == [{"op": op, "length": 3}]
    assert await in_db(Entry.objects.filter(stream__name="slate:1").count) == 1


async def test_nothing_is_acknowledged_before_the_commit():
    tablet, _ = await tablet_of("person:1")
    with patch(
        "django.db.backends.base.base.BaseDatabaseWrapper._commit", side_effect=OperationalError("no space left")
    ):
        op = await tablet.perform("write_word", word="yes")
        refused = await tablet.hear()
    assert (refused["t"], refused["op"], refused["code"]) == ("nack", op, "busy")
    assert not await in_db(Entry.objects.filter(stream__name="slate:1").exists)
    await tablet.perform("write_word", op=op, word="yes")
    assert (await tablet.hear_a("ack"))["r"] == [{"op": op, "length": 3}]


async def test_a_refused_operation_is_told_so_with_a_sentence():
    tablet, _ = await tablet_of("person:1")
    op = await tablet.perform("write_word", word="no")
    nack = await tablet.hear_a("nack")
    assert nack == {
        "t": "nack",
        "op": op,
        "code": "not_that_word",
        "text": "Please say yes.",
        "now": {"words": ["yes"]},
    }


async def test_fifty_one_operations_or_64_kilobytes_are_too_large():
    tablet, _ = await tablet_of("person:1")
    ops = [{"op": str(uuid4()), "t": "write_word", "word": "yes"} for _ in range(51)]
    await tablet.say({"t": "op", "ops": ops})
    assert {(await tablet.hear_a("nack"))["code"] for _ in ops} == {"too_large"}
    await tablet.perform("write_word", word="a" * 70_000)
    assert (await tablet.hear_a("nack"))["code"] == "too_large"
    assert not await in_db(Entry.objects.filter(stream__name="slate:1").exists)


async def test_when_the_line_of_operations_is_full_the_tablet_is_told_to_try_again():
    tablet, _ = await tablet_of("person:1")
    with patch.object(socket_module.writer, "waiting_most", 0):
        await tablet.perform("write_word", word="yes")
        assert (await tablet.hear_a("nack"))["code"] == "busy"


# -- What passes


async def test_what_is_ephemeral_reaches_the_others_with_its_sender_and_is_not_stored():
    tablet, _ = await tablet_of("person:1", {"slate:1": None})
    other, _ = await tablet_of("person:3", {"slate:1": None})
    for line in (tablet, other):
        await line.hear_a("reset")
    for x in range(3):
        await tablet.say({"t": "ephemeral", "s": "slate:1", "k": "pointer", "x": x, "by": "person:99"})
    await tablet.say({"t": "ephemeral", "s": "slate:1", "k": "stroke", "id": "a", "points": [1, 2]})
    await tablet.say({"t": "ephemeral", "s": "slate:1", "k": "stroke", "id": "a", "points": [3, 4]})
    heard = (await other.hear_a("ephemera"))["e"]
    assert heard == [
        {"k": "pointer", "x": 2, "by": "person:1"},
        {"k": "stroke", "id": "a", "points": [1, 2], "by": "person:1"},
        {"k": "stroke", "id": "a", "points": [3, 4], "by": "person:1"},
    ]
    assert await tablet.hears_nothing()
    assert not await in_db(Entry.objects.filter(stream__name="slate:1").exists)


async def test_who_may_not_speak_or_does_not_listen_is_not_heard():
    silent, _ = await tablet_of("person:2", {"slate:1": None})
    elsewhere, _ = await tablet_of("person:1", {"slate:2": None})
    other, _ = await tablet_of("person:3", {"slate:1": None})
    await other.hear_a("reset")
    for tablet in (silent, elsewhere):
        await tablet.say({"t": "ephemeral", "s": "slate:1", "k": "pointer", "x": 1})
        await tablet.say({"t": "ping"})
        await tablet.hear_a("pong")
    assert await other.hears_nothing()


async def test_what_is_ephemeral_may_not_be_large():
    tablet, _ = await tablet_of("person:1", {"slate:1": None})
    await tablet.hear_a("reset")
    await tablet.say({"t": "ephemeral", "s": "slate:1", "k": "stroke", "points": "1" * 9000})
    assert await tablet.hear() == {"t": "bye", "code": "invalid"}


# -- Rights


@pytest.mark.parametrize("woken", [True, False])
async def test_who_lost_a_right_is_dropped_within_a_second(woken: bool):
    an, _ = await tablet_of("person:1", {"slate:1": None, "hall:1": None})
    binh, _ = await tablet_of("person:2", {"slate:1": None})
    for tablet in (an, binh):
        await tablet.hear_a("reset")
    hall.outside.update({"person:1", "person:2"})
    with without_wakeups(unless=woken):
        await in_db(rights_changed, ["person:1"])
    listening = await an.hear_a("listening")
    assert (listening["streams"], sorted(listening["refused"])) == ({}, ["hall:1", "slate:1"])
    await in_db(write, "bí mật")
    assert words_of(await binh.hear_a("entries")) == ["bí mật"]
    assert await an.hears_nothing()


async def test_who_is_removed_is_told_so():
    tablet, _ = await tablet_of("person:1")
    hall.removed.add("person:1")
    await in_db(rights_changed, ["person:1"])
    assert await tablet.hear() == {"t": "bye", "code": "removed"}
    again = await Tablet().connect()
    await again.say(hello(await in_db(ticket_for, "person:1")))
    assert await again.hear() == {"t": "bye", "code": "removed"}


async def test_logging_out_ends_the_sockets_of_that_session_only():
    elsewhere, _ = await tablet_of("person:1", session="at home")
    tablet, _ = await tablet_of("person:1", session="in the hall")
    await in_db(logged_out, "person:1", "in the hall")
    assert await tablet.hear() == {"t": "bye", "code": "logged_out"}
    assert await elsewhere.hears_nothing()


async def test_the_next_ticket_comes_before_the_old_one_ends():
    tablet, _ = await tablet_of("person:1")
    await tablet.hear_ticket()  # it comes with the welcome
    with patch("realtime.hub.RENEW_SECONDS", 0):
        ticket = await tablet.hear_ticket()
    assert ticket["expires"] > 0
    again = await Tablet().connect()
    await again.say(hello(ticket["ticket"]))
    assert (await again.hear())["t"] == "welcome"


async def come_back(ticket: dict, streams: dict) -> dict:
    again = await Tablet().connect()
    await again.say(hello(ticket["ticket"], streams))
    return await again.hear()


async def test_coming_back_with_a_ticket_of_the_line_asks_nobody():
    tablet, _ = await tablet_of("person:1", {"slate:1": None, "hall:1": None})
    ticket = await tablet.hear_ticket()
    known = {"slate:1": [(await tablet.hear_a("reset"))["epoch"], 0], "hall:1": None}
    asked = []
    with patch("realtime.socket.bearer", asked.append), patch("realtime.socket.allowed", asked.append):
        welcome = await come_back(ticket, known)
    assert (welcome["t"], sorted(welcome["streams"]), welcome["refused"]) == ("welcome", ["hall:1", "slate:1"], [])
    assert asked == []


async def test_a_ticket_of_the_line_opens_no_stream_that_was_lost_since():
    tablet, _ = await tablet_of("person:1", {"slate:1": None})
    ticket = await tablet.hear_ticket()
    await tablet.hang_up()
    hall.outside.add("person:1")
    await in_db(rights_changed, ["person:1"])
    welcome = await come_back(ticket, {"slate:1": None})
    assert (welcome["streams"], welcome["refused"]) == ({}, ["slate:1"])


async def test_a_ticket_of_the_line_opens_no_stream_it_does_not_name():
    tablet, _ = await tablet_of("person:1", {"slate:1": None})
    ticket = await tablet.hear_ticket()
    hall.outside.add("person:1")  # asked about slate:2, they are refused; nothing was said that would end slate:1
    welcome = await come_back(ticket, {"slate:1": None, "slate:2": None})
    assert sorted(welcome["refused"]) == ["slate:1", "slate:2"]


async def test_a_ticket_of_the_line_opens_nothing_after_logging_out_or_removal():
    tablet, _ = await tablet_of("person:1", session="in the hall")
    ticket = await tablet.hear_ticket()
    await in_db(logged_out, "person:1", "in the hall")
    assert await come_back(ticket, {}) == {"t": "bye", "code": "logged_out"}
    other, _ = await tablet_of("person:2")
    ticket = await other.hear_ticket()
    hall.removed.add("person:2")
    await in_db(rights_changed, ["person:2"])
    assert await come_back(ticket, {}) == {"t": "bye", "code": "removed"}


def looking_until(is_looked_at: threading.Event) -> Any:
    def look_long(*asked: Any) -> Any:
        is_looked_at.wait(PATIENCE_SECONDS)
        return allowed_now(*asked)

    return look_long


async def test_no_ticket_is_given_while_rights_are_being_looked_at():
    tablet, _ = await tablet_of("person:1", {"slate:1": None})
    await tablet.hear_ticket()
    is_looked_at = threading.Event()

    hall.outside.add("person:1")
    with patch("realtime.hub.allowed_now", looking_until(is_looked_at)), patch("realtime.hub.RENEW_SECONDS", 0):
        await in_db(rights_changed, ["person:1"])
        await tablet.hear_a("reset")
        assert await tablet.line.receive_nothing(2.5)  # a ticket is due each second
        is_looked_at.set()
        ticket = await tablet.hear_ticket()
    assert (await come_back(ticket, {"slate:1": None}))["refused"] == ["slate:1"]


async def test_a_stream_opened_during_a_look_at_rights_stays():
    tablet, _ = await tablet_of("person:1", {"slate:1": None})
    await tablet.hear_ticket()
    is_looked_at = threading.Event()

    with patch("realtime.hub.allowed_now", looking_until(is_looked_at)):
        await in_db(rights_changed, ["person:1"])
        await asyncio.sleep(0.2)
        await tablet.say({"t": "listen", "streams": {"slate:2": None}})
        assert list((await tablet.hear_a("listening"))["streams"]) == ["slate:2"]
        is_looked_at.set()
        await tablet.hear_ticket()
    await tablet.say({"t": "ping"})
    assert sorted((await tablet.hear_a("pong"))["heads"]) == ["slate:1", "slate:2"]


async def test_what_an_older_look_at_rights_saw_never_stands_above_a_younger_one():
    tablet, _ = await tablet_of("person:1", {"slate:1": None})
    other, _ = await tablet_of("person:3", {"slate:1": None})
    await tablet.hear_ticket()
    await other.hear_a("reset")
    older_may_answer, began = threading.Event(), [threading.Event(), threading.Event()]

    def look(principal: Principal, names: list[str]) -> Allowed:
        """The first one saw a right that the second one no longer sees, and answers after it."""
        looks.append(principal.key)
        began[len(looks) - 1].set()
        if len(looks) == 1:
            older_may_answer.wait(PATIENCE_SECONDS)
            return Allowed(principal, {"slate:1": True})
        return Allowed(principal, {"slate:1": False})

    looks: list[str] = []
    with patch("realtime.hub.allowed_now", look):
        for count in (1, 2):
            await in_db(rights_changed, ["person:1"])
            assert await asyncio.to_thread(began[count - 1].wait, PATIENCE_SECONDS)
        older_may_answer.set()
        await tablet.hear_ticket()
    assert len(looks) == 2
    await tablet.say({"t": "ephemeral", "s": "slate:1", "k": "point"})
    assert await other.hears_nothing()


async def test_when_the_stream_of_rights_begins_anew_everybody_shows_a_session_again():
    """It does after a backup was restored: who logged out meanwhile is written nowhere any more."""
    tablet, _ = await tablet_of("person:1", {"slate:1": None})
    await tablet.hear_a("reset")
    await in_db(Stream.objects.filter(name=RIGHTS_STREAM).update, epoch="restored")
    assert (await tablet.hear()) == {"t": "bye", "code": "ticket"}


async def test_whoever_comes_while_the_database_is_away_is_asked_to_come_back():
    await tablet_of("person:99")  # the hub stands
    tablet = await Tablet().connect()
    ticket = await in_db(ticket_for, "person:1")
    with patch("realtime.hub.readings.heads_begun", side_effect=OperationalError("the database is away")):
        await tablet.say(hello(ticket, {"slate:1": None}))
        assert (await tablet.hear()) == {"t": "bye", "code": "busy"}


async def test_a_panel_that_failed_is_said_to_have_changed_until_that_succeeds():
    hall.broken_panels.add("door")
    failed = []

    def touch_later(stream: str, panel: str) -> None:
        if not failed:
            failed.append(panel)
            raise OperationalError("the database is away")
        hall.broken_panels.clear()
        touch_now(stream, panel)

    with patch("realtime.hub.touch_now", touch_later):
        tablet, _ = await tablet_of("person:1", {"hall:1": None})
        assert "door" not in (await tablet.hear_a("reset"))["state"]
        assert "door" in (await tablet.hear_a("panels"))["p"]
    assert failed == ["door"]


async def test_a_panel_left_out_of_an_answer_without_a_socket_changes_once_more():
    def answer_twice() -> tuple[Any, Any]:
        hall.broken_panels.add("door")
        head = readings.heads_begun(["hall:1"])["hall:1"]
        (first,) = sync.caught_up("hall:1", head, None, "vi")
        hall.broken_panels.clear()
        (then,) = sync.caught_up("hall:1", readings.heads_begun(["hall:1"])["hall:1"], (head.epoch, head.number), "vi")
        return first, then

    first, then = await in_db(answer_twice)
    assert ("door" in first["state"], list(then["p"])) == (False, ["door"])


async def test_a_whole_hall_that_comes_back_opens_its_streams_with_one_question():
    from realtime import readings

    questions: list[list[str]] = []

    def heads_begun(names: list[str]) -> dict[str, readings.Head]:
        questions.append(sorted(names))
        return asked(names)

    asked = readings.heads_begun
    await tablet_of("person:99")  # the hub stands, and the stream of rights
    with patch("realtime.hub.readings.heads_begun", heads_begun):
        streams = [f"hall:{number}" for number in range(20)]
        await asyncio.gather(*(tablet_of("person:1", {stream: None, "hall:99": None}) for stream in streams))
    assert sorted(name for names in questions for name in names) == sorted([*streams, "hall:99"])
    assert len(questions) < 8


class without_wakeups:  # noqa: N801 - reads as a sentence
    """Commits of this process wake nobody, as if another process had made them."""

    def __init__(self, *, unless: bool = False) -> None:
        self.unless = unless

    def __enter__(self) -> None:
        self.kept = listeners.copy()
        if not self.unless:
            listeners.clear()

    def __exit__(self, *error: object) -> None:
        listeners[:] = self.kept
