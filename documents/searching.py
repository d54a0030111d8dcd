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

from accounts.models import Person
from accounts.requests import SignedInRequest
from documents.questions import LONGEST_QUESTION, question_in
from documents.search import Found, PaperHit, hits_in, papers_found
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
    return shown(request.user, text, papers_found(request.user, question, meeting=meeting), meeting, request)


def shown(person: Person, text: str, found: Found, meeting: Meeting | None, request: SignedInRequest) -> Answer:
    page = Paginator(found.papers, PAPERS_ON_A_PAGE).get_page(request.GET.get("page"))
    return Answer(text, meeting, page=page, hits=hits_in(person, found, list(page)))


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
