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


@operation("cast_ballot", lock_key=poll_first)
def cast_ballot(principal: Principal, payload: dict[str, Any]) -> dict[str, Any]:
    """{poll, choice} -> {poll, choice, received_at, time, how} of the ballot that is on record."""
    person = Person.objects.filter(pk=principal.person_id, is_active=True).first()
    if person is None:
        raise Refusal("forbidden", _("Only a member who is logged in can vote."))
    ballot = actions.cast_ballot(
        key_of(payload.get("poll")), by=person, choice=str(payload.get("choice")), op=op_of(payload)
    )
    return actions.received(ballot)


def key_of(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise Refusal("invalid", _("The message names no poll.")) from None


def op_of(payload: dict[str, Any]) -> UUID | None:
    return UUID(str(payload["op"])) if payload.get("op") else None
