"""A committee of nine in session, one of them not there yet, and a vote prepared on the item that is on."""

import json
from typing import Any

from django.conf import settings

from accounts.models import Person
from meetings import actions as meeting_actions
from meetings.models import Meeting
from tests.council import client_of, make_person
from voting import actions

QUESTION = "Thông qua dự toán ngân sách năm 2027"
NAMES = {
    "fifth": "Phan Thị Giang",
    "sixth": "Trịnh Văn Hải",
    "seventh": "Hoàng Thị Ích",
    "eighth": "Đinh Công Lực",
    "ninth": "Tạ Thị Mận",
}
MEMBERS = ("chair", "member", "second", "third", *NAMES)
LATE = "third"


def begin() -> str:
    """Return, as JSON, the address of the session and a log-in for each member: nine log-ins by form took 15 s."""
    meeting = Meeting.objects.get()
    chair, secretary = (Person.objects.get(username=name) for name in ("chair", "secretary"))
    for username, name in NAMES.items():
        meeting_actions.add_participant(meeting, make_person(username, name), by=secretary, role="member")
    for place in meeting.participants.filter(person__username__in=set(MEMBERS) - {LATE}).select_related("person"):
        meeting_actions.check_in(place, by=place.person)
    meeting_actions.start(meeting, by=chair)
    item = meeting.items.order_by("position")[0]
    meeting_actions.take_up_item(item, by=chair)
    actions.draft_poll(item, by=secretary, question=QUESTION)
    told: dict[str, Any] = {"meeting": f"/meetings/{meeting.pk}/"}
    told["log_ins"] = {name: log_in(Person.objects.get(username=name)) for name in MEMBERS}
    return json.dumps(told)


def log_in(person: Person) -> str:
    return str(client_of(person).cookies[settings.SESSION_COOKIE_NAME].value)
