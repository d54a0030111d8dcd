"""Operations: repeated until answered, applied once, acknowledged after the COMMIT."""

import json
from contextlib import suppress
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import InterfaceError, InternalError, OperationalError, connection
from django.utils import timezone

from realtime import rows
from realtime.models import Entry, Operation, Stream
from realtime.operations import (
    FRAME_BYTES,
    OPERATIONS_PER_FRAME,
    Kind,
    Offer,
    Remembered,
    apply_offers,
    apply_operations,
    kinds,
)
from realtime.principals import Principal, came_from
from realtime.refusals import Refusal
from realtime.streams import begin, publish
from realtime.transactions import one_transaction
from tests.realtime.tablet import at_once

an = Principal("person:1", "en")
binh = Principal("person:2", "en")


def word(word: str, **other: object) -> dict:
    return {"op": str(uuid4()), "t": "write_word", "word": word, **other}


def words() -> list[str]:
    return [
        body["word"]
        for body in Entry.objects.filter(stream__name="slate:1").order_by("number").values_list("body", flat=True)
    ]


@pytest.mark.django_db
def test_each_gets_its_answer_in_the_order_sent():
    ops = [word("zwei"), word("no"), word("an")]
    assert apply_operations(an, ops) == [
        {"t": "ack", "op": ops[0]["op"], "length": 4},
        {
            "t": "nack",
            "op": ops[1]["op"],
            "code": "not_that_word",
            "text": "Please say yes.",
            "now": {"words": ["yes"]},
        },
        {"t": "ack", "op": ops[2]["op"], "length": 2},
    ]


@pytest.mark.django_db
def test_a_batch_is_applied_in_the_order_of_its_locks():
    apply_operations(an, [word("zwei"), word("an"), word("eins")])
    assert words() == ["an", "eins", "zwei"]


@pytest.mark.django_db
def test_a_repeat_gets_the_same_answer_and_changes_nothing():
    op = word("yes")
    first = apply_operations(an, [op])
    assert apply_operations(an, [op, op]) == first * 2
    assert words() == ["yes"]


@pytest.mark.django_db
def test_a_repeat_in_the_same_batch_is_applied_once():
    op = word("yes")
    assert {answer["t"] for answer in apply_operations(an, [op, op])} == {"ack"}
    assert words() == ["yes"]


@pytest.mark.django_db
def test_the_same_number_for_another_act_is_refused():
    op = word("yes")
    apply_operations(an, [op])
    assert apply_operations(an, [{**op, "word": "maybe"}])[0]["code"] == "invalid"
    assert apply_operations(an, [{"op": op["op"], "t": "ring"}])[0]["code"] == "invalid"
    assert words() == ["yes"]


@pytest.mark.django_db
def test_the_same_number_from_someone_else_is_another_operation():
    op = word("yes")
    assert [apply_operations(who, [op])[0]["t"] for who in (an, binh)] == ["ack", "ack"]
    assert words() == ["yes", "yes"]


@pytest.mark.django_db
def test_a_refusal_is_asked_again_because_what_stood_in_the_way_may_be_gone():
    op = word("no")
    assert apply_operations(an, [op])[0]["t"] == "nack"
    assert not Operation.objects.exists()
    assert apply_operations(an, [{**op, "word": "yes"}])[0]["t"] == "ack"


@pytest.mark.django_db
def test_one_that_breaks_is_taken_out_and_the_others_stand(caplog: pytest.LogCaptureFixture):
    ops = [word("yes", secret="my choice"), word("oops", secret="my choice")]
    yes, oops = apply_operations(an, ops)
    assert yes["t"] == "ack"
    assert (oops["t"], oops["code"]) == ("nack", "error")
    assert "secretary" in oops["text"]
    assert words() == ["yes"]
    assert "write_word failed: ZeroDivisionError" in caplog.text
    assert "my choice" not in caplog.text
    assert "oops" not in caplog.text


@pytest.mark.django_db
def test_an_act_nobody_knows_is_refused():
    op = {"op": str(uuid4()), "t": "fly"}
    assert apply_operations(an, [op])[0]["code"] == "invalid"


@pytest.mark.django_db
def test_refusals_are_in_the_language_of_whoever_is_refused():
    texts = {
        language: apply_operations(Principal("person:1", language), [{"op": str(uuid4()), "t": "fly"}])[0]["text"]
        for language in ("vi", "en")
    }
    assert texts["en"].startswith("This system does not know")
    assert texts["vi"].startswith("Hệ thống không")


@pytest.mark.django_db
@pytest.mark.parametrize("size", [OPERATIONS_PER_FRAME, OPERATIONS_PER_FRAME + 1])
def test_fifty_operations_are_taken_at_once_and_no_more(size: int):
    answers = apply_operations(an, [word(f"{number:02}") for number in range(size)])
    codes = {answer.get("code") for answer in answers}
    assert (len(answers), codes) == (size, {None} if size == 50 else {"too_large"})
    assert len(words()) == (50 if size == 50 else 0)


@pytest.mark.django_db
@pytest.mark.parametrize("size", [FRAME_BYTES // 2, FRAME_BYTES])
def test_64_kilobytes_are_taken_at_once_and_no_more(size: int):
    code = None if size < FRAME_BYTES else "too_large"
    assert apply_operations(an, [word("a" * size)])[0].get("code") == code


@pytest.mark.django_db
@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        {},
        [],
        [1],
        [{"op": "1", "t": "ring"}],
        [{"op": str(uuid4())}],
        [word("x", size=float("nan"))],
        [word("x", size=float("inf"))],
    ],
)
def test_what_is_no_list_of_operations_is_refused_whole(nonsense: object):
    with pytest.raises(Refusal) as refusal:
        apply_operations(an, nonsense)
    assert refusal.value.code == "invalid"
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_an_operation_without_its_payload_breaks_alone():
    ops = [{"op": str(uuid4()), "t": "write_word"}, word("yes")]
    assert [answer["t"] for answer in apply_operations(an, ops)] == ["nack", "ack"]


@pytest.mark.django_db(transaction=True, available_apps=["realtime"])
def test_nothing_is_acknowledged_when_the_commit_fails():
    op = word("yes")
    with patch.object(connection, "_commit", side_effect=OperationalError("the disk is full")):
        answers = apply_operations(an, [op, word("also")])
    assert [(answer["t"], answer["code"]) for answer in answers] == [("nack", "busy")] * 2
    assert not Entry.objects.exists()
    assert apply_operations(an, [op])[0]["t"] == "ack"


@pytest.mark.django_db(transaction=True, available_apps=["realtime"])
def test_one_that_spoils_the_end_of_the_batch_spoils_only_itself():
    """What is published is written after all operations: JSON that the database refuses fails there."""
    good, bad = word("yes"), word("bad", slate="s" * 300 + "\x00")
    answers = apply_offers([Offer(an, good), Offer(binh, bad)])
    assert answers[0]["t"] == "ack"
    if connection.vendor == "postgresql":  # SQLite takes names of any length
        assert answers[1]["code"] == "error"
    assert words() == ["yes"]


@pytest.mark.django_db(transaction=True, available_apps=["realtime"])
def test_two_processes_with_the_same_operations_apply_each_once_and_answer_alike():
    ops = [word(f"{number:02}") for number in range(20)]

    def send(process: int) -> list[dict]:
        return apply_operations(an, ops if process % 2 else ops[::-1])

    answers = [sorted(map(json.dumps, found)) for found in at_once(4, send)]
    assert all(found == answers[0] for found in answers)
    assert '"t": "ack"' in answers[0][0]
    assert sorted(words()) == [f"{number:02}" for number in range(20)]
    assert Operation.objects.count() == 20


@pytest.mark.django_db(transaction=True, available_apps=["realtime"])
def test_what_can_be_done_once_is_not_refused_to_whoever_did_it_through_another_process():
    ops = [{"op": str(uuid4()), "t": "sit_down", "seat": number} for number in range(12)]
    answers = at_once(4, lambda process: apply_operations(an, ops))
    assert answers == [[{"t": "ack", "op": op["op"], "seat": op["seat"]} for op in ops]] * 4
    assert apply_operations(binh, [{**ops[0], "op": str(uuid4())}])[0]["code"] == "taken"


@pytest.mark.django_db
def test_answers_are_remembered_without_the_payload():
    apply_operations(an, [word("my choice")])
    stored = Operation.objects.values().get()
    assert "my choice" not in str(stored)


@pytest.mark.django_db(transaction=True, available_apps=["realtime"])
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_what_meets_a_database_that_goes_away_is_tried_again(error: type[Exception], monkeypatch: pytest.MonkeyPatch):
    """A stroke or a ballot that is refused is given up by the tablet; one that is told "busy" is not."""

    def go_away(principal: Principal, payload: dict) -> None:
        connection.connection.close()
        raise error

    monkeypatch.setitem(kinds, "vanish", Kind("vanish", go_away, lambda payload: ()))
    op = {"op": str(uuid4()), "t": "vanish"}
    assert [answer["code"] for answer in apply_operations(an, [op])] == ["busy"]


@pytest.mark.django_db
@pytest.mark.parametrize(("sqlstate", "code"), [("25006", "busy"), ("25P02", "error")])
def test_what_meets_a_standby_that_takes_no_writes_yet_is_tried_again(
    sqlstate: str, code: str, monkeypatch: pytest.MonkeyPatch
):
    """Other internal errors would meet the tablet again and again."""

    def meet(principal: Principal, payload: dict) -> None:
        cause = Exception()
        cause.sqlstate = sqlstate
        raise InternalError from cause

    monkeypatch.setitem(kinds, "meet", Kind("meet", meet, lambda payload: ()))
    assert [answer["code"] for answer in apply_operations(an, [{"op": str(uuid4()), "t": "meet"}])] == [code]


@pytest.mark.django_db(transaction=True, available_apps=["realtime"])
def test_an_act_that_goes_on_after_something_failed_inside_it_is_applied_once(monkeypatch: pytest.MonkeyPatch):
    """Applied without savepoints at first, all is undone by what failed; begun again with them, the act stands."""

    def go_on(principal: Principal, payload: dict) -> None:
        with suppress(ValueError), one_transaction():
            publish("slate:1", {"word": "lost"})
            raise ValueError
        publish("slate:1", {"word": "kept"})

    monkeypatch.setitem(kinds, "go_on", Kind("go_on", go_on, lambda payload: ()))
    ops = [word("yes"), {"op": str(uuid4()), "t": "go_on"}]
    assert [answer["t"] for answer in apply_operations(an, ops)] == ["ack", "ack"]
    assert [answer["t"] for answer in apply_operations(an, ops[1:])] == ["ack"]
    assert sorted(words()) == ["kept", "yes"]


@pytest.mark.django_db
def test_what_was_answered_is_found_without_reading_a_weeks_operations():
    now = timezone.now()
    rows.insert(
        Operation, Remembered._fields, [Remembered("person:1", uuid4(), "write_word", "", {}, now) for _ in range(2000)]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE realtime_operation")
    plan = Operation.objects.filter(op__in=[uuid4(), uuid4()]).explain()
    assert "one_answer_per_operation" in plan or "USING INDEX" in plan, plan


@pytest.mark.django_db
def test_rows_are_written_as_models_would_be():
    begin(["slate:1"])
    stream, at, body = Stream.objects.get(), timezone.now(), {"word": 'Đà Lạt "%s" {1,2}', "none": None, "list": []}
    rows.insert(Entry, ["stream", "number", "body", "at"], [(stream.pk, n, body, at) for n in range(1, 1202)])
    rows.insert(Entry, ["stream", "number", "body", "at"], [])
    assert list(Entry.objects.values_list("number", flat=True)) == [*range(1, 1202)]
    written = Entry.objects.get(number=700)
    assert (written.stream, written.body, written.at) == (stream, body, at)


@pytest.mark.django_db
def test_nothing_of_one_person_overtakes_what_was_told_busy(monkeypatch: pytest.MonkeyPatch):
    """Erased before it is made, a stroke would stay for good."""

    def be_locked(principal: Principal, payload: dict) -> None:
        raise OperationalError("deadlock detected")

    monkeypatch.setitem(kinds, "stumble", Kind("stumble", be_locked, lambda payload: ("1first",)))
    stumble = {"op": str(uuid4()), "t": "stumble"}
    answers = apply_offers([Offer(an, stumble), Offer(an, word("an")), Offer(binh, word("binh"))])
    assert [answer.get("code") for answer in answers] == ["busy", "busy", None]
    assert words() == ["binh"]


@pytest.mark.django_db
def test_an_operation_knows_where_it_came_from(monkeypatch: pytest.MonkeyPatch):
    heard: list[str] = []
    note = Kind("note", lambda principal, payload: heard.append(came_from.get()), lambda payload: ())
    monkeypatch.setitem(kinds, "note", note)
    apply_operations(Principal("person:1", "en", address="192.0.2.7"), [{"op": str(uuid4()), "t": "note"}])
    assert (heard, came_from.get()) == (["192.0.2.7"], "")
