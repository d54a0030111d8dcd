"""Papers that wait to be read, on the first page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.asks import Ask, AskLine
from accounts.models import Person
from documents.models import Document
from documents.openings import papers_unread_by

PAPERS_SHOWN = 4


def unread_papers_of(person: Person) -> Ask | None:
    unread = list(papers_unread_by(person))  # of coming sessions alone: dozens, and read once, not counted first
    if not unread:
        return None
    return Ask(
        _("Papers not read yet"),
        "file-text",
        tuple(line_of(paper) for paper in unread[:PAPERS_SHOWN]),
        len(unread),
        reverse("documents:unread"),
    )


def line_of(paper: Document) -> AskLine:
    starts_at = timezone.localtime(paper.meeting.starts_at)
    about = f"{paper.meeting.title} · {date_format(starts_at, 'DATETIME_FORMAT')}"
    is_today = starts_at.date() == timezone.localdate()
    return AskLine(paper.title, reverse("documents:document", args=[paper.pk]), about, is_urgent=is_today)
