"""What the page of search is asked, and what it answers. Always a sentence, never an error."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page as PageOfList
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from documents.own_notes import NotesFound, notes_found
from documents.questions import LONGEST_QUESTION, question_in
from documents.search import PaperHit, hits_in, papers_found
from meetings.models import Meeting

PAPERS_ON_A_PAGE = 10


@dataclass(frozen=True)
class Answer:
    """`problem` says why nothing was sought; without it and without a page nothing was asked."""

    text: str
    meeting: Meeting | None = None
    problem: str = ""
    page: PageOfList[tuple[UUID, int]] | None = None
    hits: list[PaperHit] = field(default_factory=list)
    notes: NotesFound | None = None

    @property
    def is_found(self) -> bool:
        return bool(self.hits or (self.notes and self.notes.shown))


def answer_to(request: SignedInRequest) -> Answer:
    text, meeting = request.GET.get("q", "").replace("\x00", " "), meeting_asked_for(request)
    if not text.strip():
        return Answer("", meeting)
    if len(text.strip()) > LONGEST_QUESTION:
        sentence = _("This is too long. Type a few words, %(count)d characters at most.") % {"count": LONGEST_QUESTION}
        return Answer(text[:LONGEST_QUESTION], meeting, problem=sentence)
    question = question_in(text)
    if question is None:
        return Answer(text, meeting, problem=_("No word is in this. Type letters or digits."))
    found = papers_found(request.user, question, meeting=meeting)
    page = Paginator(found.papers, PAPERS_ON_A_PAGE).get_page(request.GET.get("page"))
    notes = notes_found(request.user, question, meeting=meeting) if page.number == 1 else None
    return Answer(text, meeting, page=page, hits=hits_in(request.user, found, list(page)), notes=notes)


def meeting_asked_for(request: SignedInRequest) -> Meeting | None:
    """The one session in which is sought; one this person does not see does not exist."""
    named = request.GET.get("meeting", "")
    if not named:
        return None
    try:
        key = UUID(named)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(Meeting.objects.visible_to(request.user), pk=key)


def address_of(text: str, **more: Any) -> str:
    return f"{reverse('documents:search')}?{urlencode({'q': text, **more})}"
