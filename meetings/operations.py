"""What a tablet may repeat after a broken network: checking in and leaving."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Person
from meetings import actions
from meetings.models import Meeting, Participant
from realtime.operations import operation
from realtime.principals import Principal
from realtime.refusals import Refusal


def meeting_first(payload: dict[str, Any]) -> tuple[str, str]:
    return ("1meeting", str(payload.get("meeting")))


@operation("check_in", lock_key=meeting_first)
def check_in(principal: Principal, payload: dict[str, Any]) -> dict[str, Any]:
    participant = own_place(principal, payload)
    attendance = actions.check_in(participant, by=participant.person)
    return {"at": attendance.arrived_at.isoformat()}


@operation("check_out", lock_key=meeting_first)
def check_out(principal: Principal, payload: dict[str, Any]) -> dict[str, Any]:
    participant = own_place(principal, payload)
    actions.check_out(participant, by=participant.person)
    return {}


def own_place(principal: Principal, payload: dict[str, Any]) -> Participant:
    """The participant that the sender is in this meeting; whoever is none learns nothing about the meeting."""
    person = Person.objects.filter(pk=principal.person_id, is_active=True).first()
    try:
        key = UUID(str(payload.get("meeting")))
    except ValueError:
        raise Refusal("invalid", _("The message names no meeting.")) from None
    visible = Meeting.objects.visible_to(person) if person else Meeting.objects.none()
    place = Participant.objects.filter(meeting__in=visible.filter(pk=key).values("pk"), person=person)
    participant = place.select_related("person", "meeting").first()
    if participant is None:
        raise Refusal("forbidden", _("You do not take part in this meeting."))
    return participant
