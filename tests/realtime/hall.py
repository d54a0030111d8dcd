"""What realtime is tested with: a hall that shows panels, a slate that everyone in it may write on, and their acts.

realtime knows no meeting and no vote, so its tests bring the smallest things that could stand in their place. The
server process of the tests (`server.py`) uses the same.
"""

import threading
import time
from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.utils import translation

from realtime import principals
from realtime.kinds import StreamKind, register_kind
from realtime.models import Entry, Stream
from realtime.operations import operation
from realtime.principals import Principal, register_principal_check, register_principal_source
from realtime.refusals import Refusal
from realtime.streams import head, publish, touch

outside: set[str] = set()  # keys of those who may not come in
removed: set[str] = set()  # keys of those who are no longer anybody
rendered: Counter[str] = Counter()
rendering_takes_seconds = 0.0
broken_panels: set[str] = set()
lock = threading.Lock()


class Hall(StreamKind):
    prefix = "hall"
    mode = "panels"

    def may_listen(self, principal: Principal, name: str) -> bool:
        return principal.key not in outside

    def panels(self, name: str) -> list[str]:
        return ["clock", "count", "door"]

    def render(self, name: str, panel: str, language: str) -> str:
        """Say which entry was the last when this was rendered."""
        with lock:
            rendered[panel] += 1
        if panel in broken_panels:
            raise ZeroDivisionError
        shown = f"{panel} {head(name)[1]} {translation.get_language()}"
        time.sleep(rendering_takes_seconds)
        return shown


class Slate(StreamKind):
    prefix = "slate"
    mode = "entries"

    def may_listen(self, principal: Principal, name: str) -> bool:
        return principal.key not in outside

    def state(self, name: str) -> Any:
        return [
            body["word"]
            for body in Entry.objects.filter(stream__name=name).order_by("number").values_list("body", flat=True)
        ]

    def may_send_ephemera(self, principal: Principal, name: str) -> bool:
        return principal.key != "person:2"


@operation("write_word", lock_key=lambda payload: ("2word", payload["word"]))
def write_word(principal: Principal, payload: dict[str, Any]) -> dict[str, Any]:
    publish(payload.get("slate", "slate:1"), {"word": payload["word"], "by": principal.key})
    if payload["word"] == "no":
        raise Refusal("not_that_word", "Please say yes.", now={"words": ["yes"]})
    if payload["word"] == "oops":
        raise ZeroDivisionError(payload["word"])
    return {"length": len(payload["word"])}


@operation("sit_down", lock_key=lambda payload: ("2seat", payload["seat"]))
def sit_down(principal: Principal, payload: dict[str, Any]) -> dict[str, Any]:
    _seat, is_free = Stream.objects.get_or_create(name=f"seat:{payload['seat']}", defaults={"epoch": "seat"})
    if not is_free:
        raise Refusal("taken", "Somebody sits here.")
    return {"seat": payload["seat"]}


@operation("ring", lock_key=lambda payload: ("1bell",))
def ring(principal: Principal, payload: dict[str, Any]) -> None:
    touch("hall:1", *payload.get("panels", ["count"]))


def who_is_in_the_session(request: HttpRequest) -> Principal | None:
    key = request.session.get("who")
    return Principal(key, "vi", 1, request.META["REMOTE_ADDR"]) if key else None


def still_welcome(principal: Principal) -> Principal | None:
    return None if principal.key in removed else principal


def open_hall() -> None:
    register_kind(Hall())
    register_kind(Slate())


def believe_the_hall_only() -> None:
    """Forget those who know real people: the tests of realtime have none."""
    principals.sources[:] = []
    principals.checks[:] = []
    register_principal_source(who_is_in_the_session)
    register_principal_check(still_welcome)
