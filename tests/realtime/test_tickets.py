"""The door to the socket: a ticket, handed out to whoever is signed in."""

import json
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.test import Client

from realtime import principals, tickets
from realtime.frames import Bye
from realtime.principals import Principal, logged_out
from tests.realtime import hall

pytestmark = pytest.mark.django_db


def client_of(key: str, **options: bool) -> Client:
    client = Client(**options)
    session = client.session
    session["who"] = key
    session.save()
    client.cookies["sessionid"] = session.session_key
    return client


def test_whoever_is_signed_in_gets_a_ticket_for_ten_minutes():
    answer = client_of("person:7").post("/tickets/")
    ticket = tickets.read(answer.json()["ticket"])
    assert (ticket.principal.key, ticket.principal.address) == ("person:7", "127.0.0.1")
    assert tickets.bearer(ticket).person_id == 7
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert "person:7" not in answer.json()["ticket"]


def test_nobody_else_does():
    assert Client().post("/tickets/").status_code == 401


def test_a_ticket_is_asked_for_by_our_own_pages_only():
    assert client_of("person:7", enforce_csrf_checks=True).post("/tickets/").status_code == 403
    assert client_of("person:7").get("/tickets/").status_code == 405


def test_a_session_that_ends_while_it_asks_gets_none(monkeypatch: pytest.MonkeyPatch):
    def logged_out_meanwhile(request: HttpRequest) -> Principal | None:
        principal = hall.who_is_in_the_session(request)
        Session.objects.all().delete()
        return principal

    monkeypatch.setattr(principals, "sources", [logged_out_meanwhile])
    assert client_of("person:7").post("/tickets/").status_code == 401


def test_logging_out_ends_the_tickets_of_that_session_only():
    here, there = client_of("person:7"), client_of("person:7")
    ticket, other = (tickets.read(client.post("/tickets/").json()["ticket"]) for client in (here, there))
    logged_out("person:7", here.session.session_key)
    with pytest.raises(Bye, match="logged_out"):
        tickets.bearer(ticket)
    assert tickets.bearer(other).key == "person:7"


def test_a_ticket_of_someone_removed_opens_nothing():
    ticket = tickets.read(client_of("person:7").post("/tickets/").json()["ticket"])
    hall.removed.add("person:7")
    with pytest.raises(Bye, match="removed"):
        tickets.bearer(ticket)


# -- The same conversation without a socket


def sync(*told: dict, origin: str | None = "http://testserver", key: str = "person:7", **headers: str) -> list[dict]:
    ticket = client_of(key).post("/tickets/").json()["ticket"]
    first, *rest = told
    answer = post({"frames": [{"ticket": ticket, **first}, *rest]}, origin=origin, **headers)
    assert answer.status_code == 200, answer.content
    return answer.json()["frames"]


def post(body: object, origin: str | None = "http://testserver", **headers: str):
    sent = {**headers, **({"Origin": origin} if origin else {})}
    text = body if isinstance(body, str) else json.dumps(body)
    return Client(headers=sent).post("/sync/", text, content_type="application/json")


def hello(**streams: object) -> dict:
    return {
        "t": "hello",
        "v": 1,
        "client": str(uuid4()),
        "streams": {name.replace("_", ":"): known for name, known in streams.items()},
    }


def word(word: str) -> dict:
    return {"op": str(uuid4()), "t": "write_word", "word": word}


def test_without_a_socket_operations_are_acknowledged_and_the_streams_caught_up():
    yes, no = word("yes"), word("no")
    frames = sync(
        hello(slate_1=None, hall_1=None, nothing_1=None),
        {"t": "op", "ops": [yes, no]},
        {"t": "ephemeral", "s": "slate:1", "k": "x"},
    )
    welcome, slate, panels, ack, nack = frames
    assert (welcome["t"], welcome["principal"], welcome["refused"]) == ("welcome", "person:7", ["nothing:1"])
    assert (slate["t"], slate["seq"], slate["state"]) == ("reset", 1, ["yes"])
    assert (panels["t"], sorted(panels["state"])) == ("reset", ["clock", "count", "door"])
    assert ack == {"t": "ack", "r": [{"op": yes["op"], "length": 3}]}
    assert (nack["op"], nack["code"]) == (no["op"], "not_that_word")

    known = {name.replace(":", "_"): [head["epoch"], head["head"]] for name, head in welcome["streams"].items()}
    assert [frame["t"] for frame in sync(hello(**known))] == ["welcome"]
    ring = {"op": str(uuid4()), "t": "ring", "panels": ["door"]}
    _welcome, slate, panels, _ack = sync(hello(**known), {"t": "op", "ops": [word("again"), ring]})
    assert (slate["t"], slate["from"], slate["to"], slate["e"][0]["word"]) == ("entries", 2, 2, "again")
    assert (panels["t"], panels["seq"], panels["p"]) == ("panels", 1, {"door": "door 1 vi"})


def test_another_epoch_is_reset_without_a_socket_too():
    assert sync(hello(slate_1=["another", 5]))[1]["t"] == "reset"


@pytest.mark.parametrize(
    ("origin", "headers", "status"),
    [
        ("http://testserver", {}, 200),
        ("https://evil.example", {}, 403),
        ("http://testserver.evil.example", {}, 403),
        ("http://testserver:9000", {}, 403),
        ("null", {}, 403),
        ("http://[", {}, 403),
        (None, {}, 403),
        (None, {"Sec-Fetch-Site": "same-origin"}, 200),
        (None, {"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_only_our_own_pages_may_ask(origin: str | None, headers: dict[str, str], status: int):
    assert post({"frames": []}, origin=origin, **headers).status_code == status


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (None, "invalid"),
        ([], "invalid"),
        ([{"t": "ping"}], "invalid"),
        ([{**hello(), "ticket": "forged"}], "ticket"),
        ([{**hello(), "ticket": "forged", "v": 9}], "upgrade"),
    ],
)
def test_a_conversation_that_cannot_be_held_is_one_bye(frames: object, code: str):
    assert post({"frames": frames}).json()["frames"] == [{"t": "bye", "code": code}]


@pytest.mark.parametrize(
    ("text", "status"),
    [("no json", 400), ('{"frames": [NaN]}', 400), ("[" * 50_000, 400), ('"' + "a" * 1_100_000, 413)],
)
def test_what_is_no_json_or_too_large_is_refused(text: str, status: int):
    assert post(text).status_code == status


def test_half_a_letter_is_no_text():
    """JSON can say half of a pair; no socket could carry it on to the others."""
    assert post({"frames": [{"t": "hello", "v": 1, "ticket": "\ud800", "client": "c"}]}).status_code == 400
