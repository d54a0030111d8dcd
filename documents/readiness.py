"""What papers keep a meeting from being published."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from documents.models import DocumentVersion
from meetings.models import Meeting
from meetings.readiness import Problem, register_check

State = DocumentVersion.State


@register_check
def papers_are_fit_to_be_read(meeting: Meeting) -> Iterable[Problem]:
    versions = DocumentVersion.objects.filter(document__meeting=meeting, document__withdrawn_at=None)
    for version in versions.exclude(state=State.READY).select_related("document__item"):
        document = version.document
        words = {"paper": document.title, "stamp": version.stamp, "reason": version.refusal_sentence}
        if version.state == State.HELD:
            text = _("“%(paper)s” seems to bear the stamp %(stamp)s. Decide whether it may stay in the system.")
            yield Problem("held_paper", text % words, document.item, "papers", blocking=True)
        elif version.state == State.CONVERTING:
            text = _("“%(paper)s” is still being made into pages; nobody can read it yet.")
            yield Problem("paper_in_the_making", text % words, document.item, "papers")
        elif version.state == State.REFUSED:
            text = _("“%(paper)s” cannot be read: %(reason)s")
            yield Problem("refused_paper", text % words, document.item, "papers")


@register_check
def every_item_has_papers(meeting: Meeting) -> Iterable[Problem]:
    """An item is served by its own papers or by those of one of its sub-items."""
    served = set(meeting.documents.filter(withdrawn_at=None).values_list("item", flat=True))
    items = list(meeting.items.all())
    served |= {item.parent_id for item in items if item.pk in served and item.parent_id}
    for item in items:
        if item.parent_id is None and item.pk not in served:
            yield Problem("no_papers", _("The item has no papers yet."), item, "papers")
