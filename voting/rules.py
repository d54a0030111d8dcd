"""Who may see and do what with polls. A list rule and its twin for one object stand side by side."""

from django.db.models import Q

from accounts.models import Person
from meetings.models import AgendaItem, Meeting
from meetings.rules import may_prepare, may_run, may_see_item, preparable_meetings
from voting.models import Poll, PollQuerySet


def visible_polls(polls: PollQuerySet, person: Person) -> PollQuerySet:
    """Polls on items one sees, once they were opened; those still prepared for who prepares or runs the meeting."""
    prepared = Q(meeting__in=preparable_meetings(Meeting.objects.all(), person).values("pk"))
    run = Q(meeting__participants__person=person, meeting__participants__role__in=("chair", "secretary"))
    seen = polls.filter(item__in=AgendaItem.objects.visible_to(person).values("pk"))
    if not person.is_active:
        return polls.none()
    return seen.filter(Q(opened_at__isnull=False) | Q(pk__in=Poll.objects.filter(prepared | run).values("pk")))


def may_see_poll(person: Person, poll: Poll) -> bool:
    return may_see_item(person, poll.item) and (poll.opened_at is not None or may_draft(person, poll.meeting))


def may_draft(person: Person, meeting: Meeting) -> bool:
    """Who prepares a meeting prepares its polls; the chair may too."""
    return may_prepare(person, meeting) or may_run(person, meeting)


def may_see_result(person: Person, poll: Poll) -> bool:
    """Before it is announced, only those who announce it."""
    return poll.state == Poll.State.ANNOUNCED or (poll.result is not None and may_run(person, poll.meeting))
