"""Tells the tablets and the desk that papers changed; inside the act's transaction."""

from collections.abc import Iterable

from accounts.models import Person
from accounts.personal import touch_people
from meetings.models import Meeting, Participant
from meetings.room import touch_room
from realtime.principals import rights_changed

PANEL = "papers"  # the agenda with its papers as one person may read them, and the desk's papers of the current item
KEPT_PANEL = "papers-kept"  # all papers with their state, for who prepares


def papers_changed(meeting: Meeting, *, also: Iterable[int] = ()) -> None:
    """Show the list of papers anew to all who take part (each has a list of one's own) and on the desk."""
    touch_people({*people_of(meeting), *also}, f"{PANEL}:{meeting.pk}")
    progress_changed(meeting)
    touch_room(meeting, "presentation")


def own_papers_changed(meeting: Meeting, person: Person) -> None:
    """Show one person the list anew: a version that stood out was opened."""
    touch_people([person.pk], f"{PANEL}:{meeting.pk}")


def progress_changed(meeting: Meeting) -> None:
    """Show those who prepare how far the intake is; everybody else hears of it when a paper can be opened."""
    touch_people(preparers_of(meeting), f"{KEPT_PANEL}:{meeting.pk}")
    touch_room(meeting, PANEL)


def rights_to_papers_changed(meeting: Meeting, *, also: Iterable[int] = ()) -> None:
    """Have the servers look again at who listens to what."""
    rights_changed([f"person:{person_id}" for person_id in sorted({*people_of(meeting), *also})])


def people_of(meeting: Meeting) -> list[int]:
    return list(meeting.participants.values_list("person_id", flat=True))


def preparers_of(meeting: Meeting) -> list[int]:
    """Who has the list of preparation before them: the meeting's secretaries, its maker, and who brought papers."""
    secretaries = meeting.participants.filter(role=Participant.Role.SECRETARY).values_list("person_id", flat=True)
    return list({meeting.created_by_id, *secretaries, *meeting.documents.values_list("added_by_id", flat=True)})
