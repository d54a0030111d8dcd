"""The first page, the list of meetings, and the page of one meeting as its reader sees it."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from accounts.asks import asked_of
from accounts.personal import PersonalStream, stream_of
from accounts.requests import SignedInRequest
from meetings import home as home_page
from meetings import rules
from meetings.agenda import lines_of, planned_minutes
from meetings.forms import FilterForm, TimeCorrectionForm
from meetings.home import listed
from meetings.models import Meeting, Notice
from meetings.months import Month, month_named
from meetings.notices import read_notice
from meetings.panels import notices as notices_panel
from meetings.panels import with_stays
from meetings.room_page import parts_of_page
from meetings.views.fetching import visible_meeting
from meetings.views.preparing import preparation

State = Meeting.State
MEETINGS_ON_A_PAGE = 25


@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    """Today's session large, then what is asked of me, then the month and the lists."""
    sessions = home_page.sessions_of(request.user)
    context = {
        "sessions": sessions,
        "next_session": None if sessions.today else next(iter(sessions.coming), None),
        "asks": asked_of(request.user),
        "sheet": sheet_asked_for(request),
        "notices_html": notices_panel(request.user, ""),
        "may_make_meetings": rules.organisations_prepared_by(request.user).exists(),
    }
    return render(request, "meetings/home.html", context)


def sheet_asked_for(request: SignedInRequest) -> Month[Meeting]:
    first = month_named(request.GET.get("month", ""), otherwise=timezone.localdate())
    return home_page.sheet_of(request.user, first)


@require_GET
def meetings(request: SignedInRequest) -> HttpResponse:
    """All meetings one may see, newest first, by words and state."""
    form = FilterForm(request.GET or None)
    found = Meeting.objects.visible_to(request.user).order_by("-starts_at")
    if form.is_valid():
        found = found.named(form.cleaned_data["words"])
        if form.cleaned_data["state"]:
            found = found.filter(state=form.cleaned_data["state"])
    context = {
        "form": form,
        "page": Paginator(listed(found, request.user), MEETINGS_ON_A_PAGE).get_page(request.GET.get("page")),
        "may_make_meetings": rules.organisations_prepared_by(request.user).exists(),
    }
    return render(request, "meetings/meetings.html", context)


@require_GET
def meeting(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The page of one meeting: for preparing it, for reading before it, or its record afterwards."""
    meeting = visible_meeting(request, key)
    if meeting.is_over:
        return render(request, "meetings/meeting.html", record(request, meeting))
    if rules.may_prepare(request.user, meeting):
        return render(request, "meetings/meeting.html", preparation(request, meeting))
    return render(request, "meetings/meeting.html", reading(request, meeting))


def reading(request: SignedInRequest, meeting: Meeting) -> dict[str, Any]:
    own = meeting.items.visible_to(request.user)
    lines = lines_of(meeting, visible=own)
    return {
        "page": "meetings/_reading.html",
        "meeting": meeting,
        "lines": lines,
        "planned_minutes": planned_minutes(lines),
        "papers_html": papers_of(request, meeting),
        "above_papers": parts_of_page("reading", meeting, request),
        "own_place": meeting.participants.filter(person=request.user).first(),
        "audience": rules.audience_for(request.user, meeting),
    }


def papers_of(request: SignedInRequest, meeting: Meeting) -> str:
    """The agenda with the papers this person may read, as the person's own stream shows it."""
    return PersonalStream().render(stream_of(request.user.pk), f"papers:{meeting.pk}", get_language() or "vi")


def record(request: SignedInRequest, meeting: Meeting, form: TimeCorrectionForm | None = None) -> dict[str, Any]:
    """What is left of a meeting that is over: times, presence, and what other apps add."""
    began, ended = meeting.stamps()
    return {
        **reading(request, meeting),
        "page": "meetings/_record.html",
        "began": began,
        "ended": ended,
        "net_seconds": meeting.net_seconds(),
        "pauses": list(meeting.pauses.all()),
        "corrections": meeting.time_corrections.select_related("by"),
        "participants": with_stays(meeting),
        "parts": parts_of_page("record", meeting, request),
        "may_correct": meeting.state == State.CLOSED and rules.may_prepare(request.user, meeting),
        "form": form or TimeCorrectionForm(initial={"value": ended}),
    }


@require_POST
def notice_reading(request: SignedInRequest, notice_id: int) -> HttpResponse:
    notice = get_object_or_404(Notice.objects.filter(person=request.user), pk=notice_id)
    read_notice(notice, by=request.user)
    return HttpResponse(status=204) if request.htmx else redirect("meetings:home")
