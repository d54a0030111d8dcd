"""What a tablet may repeat after a broken network: its ballot."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Person
from realtime.operations import operation
from realtime.principals import Principal
from realtime.refusals import Refusal
from voting import actions


def poll_first(payload: dict[str, Any]) -> tuple[str, str]:
    return ("3poll", str(payload.get("poll")))


def look_at_roll(asked: list[tuple[Principal, dict[str, Any]]]) -> None:
    people = [principal.person_id for principal, _payload in asked if principal.person_id is not None]
    actions.look_at_roll(key_of(asked[0][1].get("poll")), people)


@operation("cast_ballot", lock_key=poll_first, look_ahead=look_at_roll)
def cast_ballot(principal: Principal, payload: dict[str, Any]) -> dict[str, Any]:
    """{poll, choice, opened_at, ballot_of} -> {poll, choice, received_at, time, how} of the ballot that is on record.

    `opened_at` is the opening whose paper was filled in; `ballot_of` the `received_at` that the tablet showed, or "".
    """
    if principal.person_id is None:
        raise Refusal("forbidden", _("Only a member who is logged in can vote."))
    ballot = actions.cast_ballot(
        key_of(payload.get("poll")),
        by=Person.from_db(None, ["id"], [principal.person_id]),  # the roll knows all else
        choice=str(payload.get("choice")),
        op=op_of(payload),
        seen=seen_by(payload),
    )
    return actions.received(ballot)


def key_of(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise Refusal("invalid", _("The message names no poll.")) from None


def seen_by(payload: dict[str, Any]) -> actions.Seen | None:
    """What the tablet showed; None from a page that was loaded before tablets said so."""
    if "opened_at" not in payload:
        return None
    return actions.Seen(opened_at=str(payload["opened_at"]), ballot_of=str(payload.get("ballot_of") or ""))


def op_of(payload: dict[str, Any]) -> UUID | None:
    return UUID(str(payload["op"])) if payload.get("op") else None
