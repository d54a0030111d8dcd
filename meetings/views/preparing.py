"""The secretary's page of one meeting and every act on it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Person
from accounts.requests import SignedInRequest, key_in, words_in
from meetings import actions, rules
from meetings.agenda import lines_of, planned_minutes
from meetings.forms import (
    ItemForm,
    MeetingForm,
    NewItemForm,
    NewMeetingForm,
    ParticipantForm,
    PersonForm,
    PlaceForm,
    ReasonForm,
    TimeCorrectionForm,
    UnitForm,
)
from meetings.models import AgendaItem, Meeting, Participant
from meetings.readiness import problems_of
from meetings.room_page import parts_of_page
from meetings.views.fetching import posted, prepared_meeting
from meetings.walls import walls_of
from realtime.refusals import Refusal

PEOPLE_FOUND = 8


# -- The page ----------------------------------------------------------------------------------------------------------


def preparation(request: SignedInRequest, meeting: Meeting, **forms: Any) -> dict[str, Any]:
    lines = lines_of(meeting)
    people = list(meeting.participants.select_related("person", "organisation").order_by("pk"))
    problems = problems_of(meeting)
    return {
        "page": "meetings/_preparation.html",
        "meeting": meeting,
        "lines": lines,
        "planned_minutes": planned_minutes(lines),
        "participants": people,
        "counts": counts_of(people),
        "roles": Participant.Role.choices,
        "problems": problems,
        "blocked": any(problem.blocking for problem in problems),
        "parts": parts_of_page("preparation", meeting, request),
        "walls": walls_of(meeting),
        "may_run": rules.may_run(request.user, meeting),
        "item_form": NewItemForm(meeting=meeting),
        "unit_form": UnitForm(),
        "reason_form": ReasonForm(),
        **forms,
    }


def counts_of(people: list[Participant]) -> dict[str, int]:
    """How many of the participants have a vote, and how many have none."""
    voters = sum(one.counts for one in people)
    return {"voters": voters, "others": len(people) - voters}


def section(request: SignedInRequest, meeting: Meeting, name: str, *, status: int = 200, **forms: Any) -> HttpResponse:
    """Answer with the section that changed and, beside it, what is still missing; without htmx with the whole page."""
    if not request.htmx:
        if status == 200:
            return redirect(f"{reverse('meetings:meeting', args=[meeting.pk])}#{name}")
        return render(request, "meetings/meeting.html", preparation(request, meeting, **forms), status=status)
    meeting = prepared_meeting(request, meeting.pk)
    context = {**preparation(request, meeting, **forms), "out_of_band": True}
    pieces = [f"meetings/_{name}_section.html", "meetings/_readiness_section.html"]
    answer = HttpResponse("".join(render_to_string(piece, context, request) for piece in pieces), status=status)
    answer["HX-Retarget"], answer["HX-Reswap"] = f"#{name}", "outerHTML"
    return answer


@require_GET
def readiness(request: SignedInRequest, key: UUID) -> HttpResponse:
    """What is still missing, asked again when papers have arrived."""
    meeting = prepared_meeting(request, key)
    return render(request, "meetings/_readiness_section.html", preparation(request, meeting))


# -- New meeting and details -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def new_meeting(request: SignedInRequest) -> HttpResponse:
    """First the series, then the form with what the series knows."""
    if not rules.organisations_prepared_by(request.user).exists():
        raise PermissionDenied
    all_series = rules.series_prepared_by(request.user).select_related("organisation")
    chosen = request.GET.get("series", "")
    if not chosen:
        return render(request, "meetings/new_meeting.html", {"all_series": all_series})
    series = None if chosen == "none" else get_object_or_404(all_series, pk=key_in(chosen))
    form = NewMeetingForm(posted(request), by=request.user, series=series)
    if not form.is_valid():
        context = {"form": form, "series": series, "chosen": chosen}
        return render(request, "meetings/new_meeting.html", context, status=422 if form.is_bound else 200)
    meeting = actions.create_meeting(by=request.user, series=series, **form.cleaned_data)
    messages.success(request, _("The meeting is a draft. Only those who prepare it see it until it is published."))
    return redirect("meetings:meeting", meeting.pk)


@require_http_methods(["GET", "POST"])
def details(request: SignedInRequest, key: UUID) -> HttpResponse:
    meeting = prepared_meeting(request, key)
    form = MeetingForm(posted(request), instance=meeting)
    if not form.is_valid():
        context = {"form": form, "meeting": meeting}
        return render(request, "meetings/details.html", context, status=422 if form.is_bound else 200)
    actions.change_meeting(meeting, by=request.user, **form.cleaned_data)
    messages.success(request, _("The changes are saved."))
    return redirect("meetings:meeting", meeting.pk)


@require_POST
def publication(request: SignedInRequest, key: UUID) -> HttpResponse:
    meeting = prepared_meeting(request, key)
    actions.publish(meeting, by=request.user)
    messages.success(request, _("The meeting is published; everybody invited has been told."))
    return redirect("meetings:meeting", meeting.pk)


@require_POST
def cancellation(request: SignedInRequest, key: UUID) -> HttpResponse:
    meeting = prepared_meeting(request, key)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return section(request, meeting, "cancellation", status=422, reason_form=form)
    actions.cancel(meeting, by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("The meeting is cancelled."))
    return redirect("meetings:meeting", meeting.pk)


@require_POST
def time_corrections(request: SignedInRequest, key: UUID) -> HttpResponse:
    from meetings.views.pages import record

    meeting = prepared_meeting(request, key)
    form = TimeCorrectionForm(request.POST)
    if not form.is_valid():
        return render(request, "meetings/meeting.html", record(request, meeting, form), status=422)
    actions.correct_time(meeting, by=request.user, **form.cleaned_data)
    messages.success(request, _("The corrected time counts; the measured one stays beside it."))
    return redirect("meetings:meeting", meeting.pk)


# -- Agenda ------------------------------------------------------------------------------------------------------------


@require_POST
def items(request: SignedInRequest, key: UUID) -> HttpResponse:
    meeting = prepared_meeting(request, key)
    form = NewItemForm(request.POST, meeting=meeting)
    if not form.is_valid():
        return section(request, meeting, "agenda", status=422, item_form=form)
    actions.add_item(meeting, by=request.user, **form.cleaned_data)
    return section(request, meeting, "agenda", just_added=True)


@require_http_methods(["GET", "POST"])
def item(request: SignedInRequest, key: UUID, item_id: int) -> HttpResponse:
    """The form of one item, in its place in the list or as a page; POST saves it."""
    item = item_of(request, key, item_id)
    form = ItemForm(posted(request), instance=item, meeting=item.meeting)
    if not form.is_valid():
        page = "meetings/_item_form.html" if request.htmx else "meetings/item.html"
        context = {"form": form, "item": item, "meeting": item.meeting}
        answer = render(request, page, context, status=422 if form.is_bound else 200)
        answer["HX-Retarget"], answer["HX-Reswap"] = f"#item-{item.pk}", "outerHTML"
        return answer
    actions.change_item(AgendaItem.objects.get(pk=item.pk), by=request.user, **form.cleaned_data)
    return section(request, item.meeting, "agenda")


@require_POST
def item_place(request: SignedInRequest, key: UUID, item_id: int) -> HttpResponse:
    item = item_of(request, key, item_id)
    form = PlaceForm(request.POST)
    if form.is_valid():
        actions.move_item(item, by=request.user, to=form.cleaned_data["to"])
    return section(request, item.meeting, "agenda")


@require_POST
def item_removal(request: SignedInRequest, key: UUID, item_id: int) -> HttpResponse:
    item = item_of(request, key, item_id)
    actions.remove_item(item, by=request.user)
    return section(request, item.meeting, "agenda")


@require_GET
def agenda(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The agenda section as it is now: how an item's form is left without saving."""
    return section(request, prepared_meeting(request, key), "agenda")


def item_of(request: SignedInRequest, key: UUID, item_id: int) -> AgendaItem:
    meeting = prepared_meeting(request, key)
    item = get_object_or_404(
        AgendaItem.objects.select_related("presenter", "submitting_unit"), meeting=meeting, pk=item_id
    )
    item.meeting = meeting
    return item


# -- People ------------------------------------------------------------------------------------------------------------


@require_POST
def participants(request: SignedInRequest, key: UUID) -> HttpResponse:
    meeting = prepared_meeting(request, key)
    form = PersonForm(request.POST)
    if form.is_valid():
        actions.add_participant(meeting, form.cleaned_data["person"], by=request.user, role=form.cleaned_data["role"])
    return section(request, meeting, "participants")


@require_POST
def units(request: SignedInRequest, key: UUID) -> HttpResponse:
    meeting = prepared_meeting(request, key)
    form = UnitForm(request.POST)
    if not form.is_valid():
        return section(request, meeting, "participants", status=422, unit_form=form)
    added = actions.add_unit(meeting, form.cleaned_data["unit"], by=request.user, role=form.cleaned_data["role"])
    return section(request, meeting, "participants", added=len(added))


@require_GET
def people(request: SignedInRequest, key: UUID) -> HttpResponse:
    """People whose name has the words, without those who are invited already."""
    meeting = prepared_meeting(request, key)
    words = words_in(request.GET.get("words", ""))
    found = Person.objects.filter(is_active=True).named(words).exclude(participations__meeting=meeting)
    context = {
        "meeting": meeting,
        "words": words,
        "found": found[:PEOPLE_FOUND] if words else [],
        "roles": Participant.Role.choices,
    }
    return render(request, "meetings/_people_found.html" if request.htmx else "meetings/people.html", context)


@require_POST
def participant(request: SignedInRequest, key: UUID, participant_id: int) -> HttpResponse:
    """Change what was sent: the role, or whether it is one of those with a vote."""
    participant = participant_of(request, key, participant_id)
    form = ParticipantForm(request.POST, participant=participant)
    if not form.is_valid():
        raise Refusal("invalid", " ".join(str(sentence) for errors in form.errors.values() for sentence in errors))
    actions.change_participant(participant, by=request.user, **form.changes())
    return section(request, participant.meeting, "participants")


@require_POST
def participant_removal(request: SignedInRequest, key: UUID, participant_id: int) -> HttpResponse:
    participant = participant_of(request, key, participant_id)
    actions.remove_participant(participant, by=request.user)
    return section(request, participant.meeting, "participants")


def participant_of(request: SignedInRequest, key: UUID, participant_id: int) -> Participant:
    meeting = prepared_meeting(request, key)
    participant = get_object_or_404(Participant.objects.select_related("person"), meeting=meeting, pk=participant_id)
    participant.meeting = meeting
    return participant
