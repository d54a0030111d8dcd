"""The calendar of a person: a month with its sessions, a secret link for telephones, one session to take along."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.requests import SignedInRequest
from accounts.views import page_not_found
from meetings import feeds
from meetings.models import CalendarLink, Meeting
from meetings.views.fetching import visible_meeting
from meetings.views.pages import sheet_asked_for

CALENDAR = "text/calendar; charset=utf-8"


@require_GET
def calendar(request: SignedInRequest) -> HttpResponse:
    context = {
        "sheet": sheet_asked_for(request),
        "link": CalendarLink.objects.filter(person=request.user).first(),
    }
    return render(request, "meetings/calendar.html", context)


@require_POST
@never_cache
@sensitive_variables("token", "address")
def calendar_link(request: SignedInRequest) -> HttpResponse:
    """Make a new secret link; this answer is the only one that ever shows it."""
    token = feeds.make_link(request.user)
    address = request.build_absolute_uri(reverse("meetings:calendar_feed", args=[token]))
    return render(request, "meetings/calendar_link.html", {"address": address})


@require_POST
def calendar_link_revocation(request: SignedInRequest) -> HttpResponse:
    feeds.revoke_link(request.user)
    messages.success(request, _("The link is revoked: calendars that used it get nothing any more."))
    return redirect("meetings:calendar")


@login_not_required
@require_safe
@sensitive_variables("token")
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """A person's meetings, for whoever holds the secret link. A wrong or revoked one is a page that does not exist."""
    person = feeds.person_with(token)
    if person is None:
        return unlogged(page_not_found(request))
    content = feeds.calendar_of(feeds.meetings_in_feed(person), site=site_of(request))
    return HttpResponse(content, content_type=CALENDAR, headers={"Cache-Control": "private, max-age=300"})


@require_GET
def calendar_entry(request: SignedInRequest, key: UUID) -> HttpResponse:
    """One meeting to put into a calendar of one's own."""
    meeting = visible_meeting(request, key)
    content = feeds.calendar_of(Meeting.objects.filter(pk=meeting.pk), site=site_of(request))
    answer = HttpResponse(content, content_type=CALENDAR)
    answer["Content-Disposition"] = f'attachment; filename="phien-{meeting.starts_at:%Y-%m-%d}.ics"'
    return answer


def site_of(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def unlogged(answer: HttpResponse) -> HttpResponse:
    """Django writes the address of every page not found to its log; this address may be a secret one mistyped."""
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer
