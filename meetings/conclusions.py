"""What is concluded on an item, written at the desk while the meeting goes on."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from meetings.actions import locked, locked_item, note, refuse_unless_runner
from meetings.models import LONGEST_CONCLUSION, AgendaItem, Conclusion, Meeting
from meetings.room import tell_inside
from realtime.refusals import Refusal
from realtime.transactions import one_transaction


def write_conclusion(item: AgendaItem, text: str, *, by: Person, revision: int) -> Conclusion:
    """Keep the text, if nobody else has written since `revision` (0: nothing was there); the same text changes nothing.

    The refusal "written_meanwhile" carries what stands there now, so that nothing is overwritten unseen.
    """
    with one_transaction():
        meeting = locked(item.meeting)
        refuse_unless_runner(meeting, by)
        item = locked_item(item)
        refuse_unless_open_to_writing(meeting, item)
        text = refuse_unfit(text)
        there = Conclusion.objects.filter(item=item).select_related("written_by").first()
        if there is not None and there.text == text:
            return there
        if (there.revision if there else 0) != revision:
            raise written_meanwhile(there)
        conclusion = there or Conclusion(item=item, revision=0)
        conclusion.text, conclusion.written_by, conclusion.written_at = text, by, timezone.now()
        conclusion.revision += 1
        conclusion.save()
        facts = {"revision": conclusion.revision, "letters": len(text), "hash": sha256(text.encode()).hexdigest()}
        note(meeting, "conclusion_written", by=by, about=item, facts=facts)
        tell_inside(item, "conclusion")
    return conclusion


def refuse_unless_open_to_writing(meeting: Meeting, item: AgendaItem) -> None:
    if meeting.is_over:
        raise Refusal("meeting_over", _("The meeting is over; its record can no longer be changed."))
    if not meeting.has_begun:
        raise Refusal("not_begun", _("A conclusion is written once the meeting has begun."))
    if item.state == AgendaItem.State.WAITING:
        raise Refusal("not_dealt_with", _("This item has not been taken up yet; there is nothing to conclude."))


def refuse_unfit(text: str) -> str:
    """The text as it is kept: lines end the same way everywhere, no blank space around it."""
    text = text.replace("\r\n", "\n").strip()
    if "\x00" in text:
        raise Refusal("invalid", _("The text contains a character that cannot be kept. Type it again."))
    if len(text) > LONGEST_CONCLUSION:
        words = _("The conclusion has %(letters)d characters; at most %(most)d are kept. Shorten it.")
        raise Refusal("too_long", words % {"letters": len(text), "most": LONGEST_CONCLUSION})
    return text


def written_meanwhile(there: Conclusion | None) -> Refusal:
    """Somebody else's text stands there now (or none any more, which is a text as well)."""
    now: dict[str, Any] = {"text": "", "revision": 0}
    if there is None:
        return Refusal("written_meanwhile", _("The conclusion was changed in the meantime."), now=now)
    now = {"text": there.text, "revision": there.revision}
    words = _("%(name)s changed this conclusion in the meantime. Nothing was overwritten: your text stays here.")
    return Refusal("written_meanwhile", words % {"name": there.written_by.full_name}, now=now)
