"""Walls: screens without a login, introduced by a code that the secretary types at the desk."""

import secrets
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import record
from accounts.models import Device, Person
from meetings import rules
from meetings.models import Meeting
from realtime.principals import rights_changed
from realtime.refusals import Refusal
from realtime.transactions import one_transaction

# Letters that are in the Vietnamese alphabet and are not taken for one another across a hall.
LETTERS = "ABCDEGHKLMNPQRSTUVXY"
CODE_LENGTH = 6
CODE_LASTS = timedelta(minutes=15)
KEPT_AFTER_THE_END = timedelta(hours=1)


def introduce_wall() -> Device:
    """Make a device with a code; it shows nothing until somebody who runs a meeting types the code."""
    return show_code(Device(kind="wall"))


def show_code(device: Device) -> Device:
    """Give the device a new code and take its meeting away."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _place in range(CODE_LENGTH))
        if not waiting_walls().filter(pairing_code=code).exists():
            break
    device.pairing_code, device.pairing_until, device.scope = code, timezone.now() + CODE_LASTS, ""
    device.save()
    return device


def waiting_walls() -> QuerySet[Device]:
    return Device.objects.filter(kind="wall", pairing_until__gt=timezone.now()).exclude(pairing_code="")


def pair_wall(meeting: Meeting, *, code: str, by: Person) -> Device:
    """Let the wall that shows this code show this meeting."""
    if not rules.may_run(by, meeting):
        raise Refusal("forbidden", _("Only the chair and the secretary of this meeting may do that."))
    with one_transaction():
        device = waiting_walls().select_for_update().filter(pairing_code=code).first()
        if device is None:
            raise Refusal(
                "unknown_code", _("No wall shows this code now. Look at the wall again: a code lasts 15 minutes.")
            )
        device.scope, device.pairing_code, device.pairing_until = f"meeting:{meeting.pk}", "", None
        device.permission_version += 1
        device.save()
        record(meeting.chain, "wall_paired", by=by, about=device.principal_key)
        rights_changed([device.principal_key])
    return device


def part_wall(meeting: Meeting, device: Device, *, by: Person) -> None:
    """Take the meeting off the wall; it shows a code again."""
    if not rules.may_run(by, meeting):
        raise Refusal("forbidden", _("Only the chair and the secretary of this meeting may do that."))
    with one_transaction():
        device.permission_version += 1
        show_code(device)
        record(meeting.chain, "wall_parted", by=by, about=device.principal_key)
        rights_changed([device.principal_key])


def walls_of(meeting: Meeting) -> list[Device]:
    return list(Device.objects.filter(kind="wall", scope=f"meeting:{meeting.pk}"))


def meeting_on(device: Device) -> Meeting | None:
    """The meeting that the wall shows; one that ended more than an hour ago is taken off."""
    key = device.scope.removeprefix("meeting:")
    meeting = Meeting.objects.filter(pk=key).first() if key else None
    if meeting and meeting.ended_at and meeting.ended_at < timezone.now() - KEPT_AFTER_THE_END:
        return None
    return meeting
