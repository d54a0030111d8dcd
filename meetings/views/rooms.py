"""Floor, desk and wall, and what is done at the desk while the meeting runs."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import SignedInRequest, key_in
from meetings import actions, rules, speaking, undoing
from meetings.arrivals import is_arrival_code
from meetings.forms import AdjournmentForm, FloorForm, ReasonForm
from meetings.models import AgendaItem, Attendance, Meeting, Participant, Speech
from meetings.room_page import regions
from meetings.views.fetching import first_wrong, posted, run_meeting, visible_meeting


@require_GET
def floor(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The member's tablet; an observer gets the gallery's view of it."""
    meeting = visible_meeting(request, key)
    own = rules.audience_for(request.user, meeting)
    return room(request, meeting, "gallery" if own == "gallery" else "floor", "meetings/floor.html")


@require_GET
def desk(request: SignedInRequest, key: UUID) -> HttpResponse:
    return room(request, run_meeting(request, key), "desk", "meetings/desk.html")


@require_GET
def wall(request: SignedInRequest, key: UUID) -> HttpResponse:
    return room(request, run_meeting(request, key), "wall", "meetings/wall.html")


def room(request: SignedInRequest, meeting: Meeting, audience: str, page: str) -> HttpResponse:
    if meeting.state == Meeting.State.DRAFT:
        raise Http404
    if not rules.may_sit_in(request.user, meeting, audience):
        raise PermissionDenied
    places = regions(meeting, audience, request, person=request.user)
    return render(request, page, {"meeting": meeting, "audience": audience, "places": places})


@require_http_methods(["GET", "POST"])
def arrival(request: SignedInRequest, key: UUID, code: str) -> HttpResponse:
    """Where the QR code on the wall leads: one button that checks in whoever scanned it."""
    meeting = visible_meeting(request, key)
    participant = meeting.participants.filter(person=request.user).select_related("person", "meeting").first()
    if participant is None or not is_arrival_code(meeting, code):
        raise Http404
    if request.method == "POST":
        actions.check_in(participant, by=request.user, how=Attendance.How.QR)
        return redirect("meetings:floor", meeting.pk)
    return render(request, "meetings/arrival.html", {"meeting": meeting, "participant": participant})


# -- Acts of the desk. Their result comes back on the room's stream; without a script the page is loaded again. --------


def at_the_desk(request: SignedInRequest, meeting: Meeting) -> HttpResponse:
    return HttpResponse(status=204) if request.htmx else redirect("meetings:desk", meeting.pk)


@require_POST
def opening(request: SignedInRequest, key: UUID) -> HttpResponse:
    meeting = run_meeting(request, key)
    actions.start(meeting, by=request.user)
    return at_the_desk(request, meeting)


@require_POST
def pause(request: SignedInRequest, key: UUID) -> HttpResponse:
    meeting = run_meeting(request, key)
    actions.pause(meeting, by=request.user)
    return at_the_desk(request, meeting)


@require_POST
def resumption(request: SignedInRequest, key: UUID) -> HttpResponse:
    meeting = run_meeting(request, key)
    actions.resume(meeting, by=request.user)
    return at_the_desk(request, meeting)


@require_http_methods(["GET", "POST"])
def adjournment(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Ask until when, then break off."""
    meeting = run_meeting(request, key)
    form = AdjournmentForm(posted(request))
    if not form.is_valid():
        url = reverse("meetings:adjournment", args=[meeting.pk])
        return desk_form(request, meeting, form, url, "adjournment")
    actions.adjourn(meeting, by=request.user, resumes_at=form.cleaned_data["resumes_at"])
    return form_done(request, meeting)


@require_POST
def closing(request: SignedInRequest, key: UUID) -> HttpResponse:
    meeting = run_meeting(request, key)
    actions.close(meeting, by=request.user)
    return at_the_desk(request, meeting)


@require_POST
def taking_up(request: SignedInRequest, key: UUID, item_id: int) -> HttpResponse:
    meeting = run_meeting(request, key)
    item = get_object_or_404(AgendaItem, meeting=meeting, pk=item_id)
    actions.take_up_item(item, by=request.user)
    return at_the_desk(request, meeting)


@require_POST
def opening_undoing(request: SignedInRequest, key: UUID) -> HttpResponse:
    meeting = run_meeting(request, key)
    undoing.undo_start(meeting, by=request.user)
    return at_the_desk(request, meeting)


@require_POST
def pause_undoing(request: SignedInRequest, key: UUID) -> HttpResponse:
    meeting = run_meeting(request, key)
    undoing.undo_pause(meeting, by=request.user)
    return at_the_desk(request, meeting)


@require_POST
def taking_up_undoing(request: SignedInRequest, key: UUID, item_id: int) -> HttpResponse:
    meeting = run_meeting(request, key)
    item = get_object_or_404(AgendaItem, meeting=meeting, pk=item_id)
    undoing.undo_taking_up(item, by=request.user)
    return at_the_desk(request, meeting)


@require_POST
def speeches(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Give somebody the floor."""
    meeting = run_meeting(request, key)
    form = FloorForm(request.POST, meeting=meeting)
    if not form.is_valid():
        raise first_wrong(form)
    who = form.cleaned_data["participant"]
    speaking.give_the_floor(meeting, who, by=request.user, allotted_seconds=form.allotted_seconds)
    return at_the_desk(request, meeting)


@require_POST
def speech_ending(request: SignedInRequest, key: UUID, speech_id: int) -> HttpResponse:
    meeting = run_meeting(request, key)
    speech = get_object_or_404(Speech, meeting=meeting, pk=speech_id)
    speaking.end_speech(speech, by=request.user)
    return at_the_desk(request, meeting)


@require_POST
def attendances(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Check somebody in by hand (`participant`), or say that somebody has left (`leaves`)."""
    meeting = run_meeting(request, key)
    if "leaves" in request.POST:
        actions.check_out(participant_of(meeting, request.POST["leaves"]), by=request.user)
    else:
        actions.check_in(participant_of(meeting, request.POST.get("participant", "")), by=request.user)
    return at_the_desk(request, meeting)


@require_http_methods(["GET", "POST"])
def absence(request: SignedInRequest, key: UUID, participant_id: int) -> HttpResponse:
    """Ask why somebody is not there and note it."""
    meeting = run_meeting(request, key)
    participant = participant_of(meeting, str(participant_id))
    form = ReasonForm(posted(request), initial={"reason": participant.absence_reason})
    if not form.is_valid():
        url = reverse("meetings:absence", args=[meeting.pk, participant.pk])
        return desk_form(request, meeting, form, url, "absence", participant)
    actions.note_absence(participant, by=request.user, reason=form.cleaned_data["reason"])
    return form_done(request, meeting)


def participant_of(meeting: Meeting, key: str) -> Participant:
    people = meeting.participants.select_related("person", "meeting")
    return get_object_or_404(people, pk=key_in(key))


def desk_form(
    request: SignedInRequest,
    meeting: Meeting,
    form: AdjournmentForm | ReasonForm,
    url: str,
    asks_for: str,
    participant: Participant | None = None,
) -> HttpResponse:
    """A small form in its place at the desk, or as a page of its own."""
    page = "meetings/_desk_form.html" if request.htmx else f"meetings/{asks_for}.html"
    context = {"meeting": meeting, "form": form, "url": url, "asks_for": asks_for, "participant": participant}
    return render(request, page, context, status=422 if form.is_bound else 200)


def form_done(request: SignedInRequest, meeting: Meeting) -> HttpResponse:
    return HttpResponse("") if request.htmx else redirect("meetings:desk", meeting.pk)
