"""The series an office keeps: their list, the page of one, and every act on it."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Person
from accounts.requests import SignedInRequest
from meetings import rules
from meetings import series as acts
from meetings.forms import PlaceForm, UnitForm
from meetings.models import Meeting, MeetingSeries, Participant, SeriesMember
from meetings.series_forms import LineForm, MemberForm, MembersForm, RoleForm, SeriesForm
from meetings.series_rules import may_change_series, visible_series
from meetings.views.fetching import first_wrong, posted
from realtime.refusals import Refusal

PEOPLE_FOUND = 12
USUAL_LENGTH = {"planned_minutes": 180}
USUAL_LINE = {"planned_minutes": 15}

# Beside which field the sentence of a refusal stands; all others stand above the form.
FIELDS = {"name_used": "name", "foreign_rules": "rule_set", "has_meetings": "organisation"}
FIELDS_OF_MEMBER = {
    "two_chairs": "role",
    "guest_with_vote": "has_vote",
    "head_without_vote": "is_head",
    "two_heads": "is_head",
}


# -- The list ----------------------------------------------------------------------------------------------------------


@require_GET
def all_series(request: SignedInRequest) -> HttpResponse:
    """The series of each unit whose meetings one prepares or leads, with the last and the next meeting."""
    may_make = rules.organisations_prepared_by(request.user).exists()
    rows = list(with_meetings(visible_series(request.user), request.user))
    if not rows and not may_make:
        raise PermissionDenied
    keys = {key for row in rows for key in (row.last_id, row.next_id) if key}
    meetings = Meeting.objects.in_bulk(keys)
    for row in rows:
        row.last, row.next = meetings.get(row.last_id), meetings.get(row.next_id)
    units = [(unit, list(group)) for unit, group in groupby(rows, key=lambda row: row.organisation)]
    return render(request, "meetings/all_series.html", {"units": units, "may_make_meetings": may_make})


def with_meetings(series: QuerySet[MeetingSeries], person: Person) -> QuerySet[Any]:
    """Per unit, going ones first, with the number of members and the keys of the last and the next meeting."""
    now = timezone.now()
    seen = Meeting.objects.visible_to(person).filter(series=OuterRef("pk")).exclude(state=Meeting.State.CANCELLED)
    held = seen.filter(started_at__isnull=False).order_by("-starts_at")
    coming = seen.filter(started_at=None, starts_at__gte=now).order_by("starts_at")
    return (
        series.select_related("organisation", "rule_set")
        .annotate(
            member_count=Count("default_members"),
            last_id=Subquery(held.values("pk")[:1]),
            next_id=Subquery(coming.values("pk")[:1]),
        )
        .order_by("organisation__name", "organisation", "ended_on", "name")
    )


# -- The series itself -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def new_series(request: SignedInRequest) -> HttpResponse:
    if not rules.organisations_prepared_by(request.user).exists():
        raise PermissionDenied
    form = SeriesForm(posted(request), by=request.user, initial=USUAL_LENGTH)
    if form.is_valid():
        try:
            made = acts.create_series(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            say_beside(form, refusal, FIELDS)
        else:
            messages.success(request, _("The series is made. Next: who takes part, and what is dealt with each time."))
            return redirect("meetings:series", made.pk)
    return render(request, "meetings/new_series.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
def series(request: SignedInRequest, series_id: int) -> HttpResponse:
    return render(request, "meetings/series.html", page_of(request, seen_series(request, series_id)))


def page_of(request: SignedInRequest, series: MeetingSeries, **instead: Any) -> dict[str, Any]:
    """What the page of a series shows; a form that was refused takes the place of an empty one."""
    lines = series.agenda_template
    meetings = Meeting.objects.visible_to(request.user).filter(series=series)
    members = list(series.default_members.select_related("person", "organisation"))
    return {
        "series": series,
        "members": members,
        "voters": sum(one.has_vote and one.role != Participant.Role.STAND_IN for one in members),
        "roles": Participant.Role.choices,
        "lines": numbered(lines),
        "seen": acts.state_of_template(series),
        "planned_minutes": sum(line["planned_minutes"] for line in lines),
        "meetings": meetings.select_related("organisation").order_by("-starts_at")[:5],
        "may_change": may_change_series(request.user, series),
        "is_open": may_change_series(request.user, series) and series.ended_on is None,
        "unit_form": UnitForm(),
        "line_form": LineForm(initial=USUAL_LINE),
        **instead,
    }


def numbered(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**line, "place": place, "before": place - 1, "after": place + 1, "is_last": place == len(lines)}
        for place, line in enumerate(lines, start=1)
    ]


@require_http_methods(["GET", "POST"])
def series_details(request: SignedInRequest, series_id: int) -> HttpResponse:
    kept = changeable(request, series_id)
    # The form writes into its instance: a copy of its own, so that the page still says what holds.
    form = SeriesForm(posted(request), by=request.user, instance=MeetingSeries.objects.get(pk=kept.pk))
    if form.is_valid():
        try:
            acts.change_series(kept, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            say_beside(form, refusal, FIELDS)
        else:
            messages.success(request, _("The changes are saved. Meetings made before stay as they are."))
            return redirect("meetings:series", kept.pk)
    context = {"form": form, "series": kept}
    return render(request, "meetings/series_details.html", context, status=422 if form.is_bound else 200)


@require_POST
def series_ending(request: SignedInRequest, series_id: int) -> HttpResponse:
    ended = changeable(request, series_id)
    acts.end_series(ended, by=request.user)
    messages.success(request, _("The series has ended. Its meetings stay as they are."))
    return redirect("meetings:series", ended.pk)


@require_POST
def series_reopening(request: SignedInRequest, series_id: int) -> HttpResponse:
    opened = changeable(request, series_id)
    acts.reopen_series(opened, by=request.user)
    messages.success(request, _("The series is open again."))
    return redirect("meetings:series", opened.pk)


# -- Default members ---------------------------------------------------------------------------------------------------


@require_GET
def series_people(request: SignedInRequest, series_id: int) -> HttpResponse:
    """People whose name has the words, without those who belong to the series already."""
    series = changeable(request, series_id)
    words = request.GET.get("words", "").strip()
    there = series.default_members.values("person")
    found = Person.objects.filter(is_active=True).named(words).exclude(pk__in=there)
    context = {
        "series": series,
        "words": words,
        "found": found[:PEOPLE_FOUND] if words else [],
        "roles": Participant.Role.choices,
    }
    return render(request, "meetings/_series_people.html" if request.htmx else "meetings/series_people.html", context)


@require_POST
def series_members(request: SignedInRequest, series_id: int) -> HttpResponse:
    """Put in the people who were chosen."""
    series = changeable(request, series_id)
    form = MembersForm(request.POST)
    if not form.is_valid():
        raise first_wrong(form)
    added = acts.put_members(series, form.cleaned_data["people"], by=request.user, role=form.cleaned_data["role"])
    return section(request, series, "members", added=len(added))


@require_POST
def series_units(request: SignedInRequest, series_id: int) -> HttpResponse:
    """Put in everybody who is in office in the unit today."""
    series = changeable(request, series_id)
    form = UnitForm(request.POST)
    if form.is_valid():
        try:
            added = acts.put_unit(series, form.cleaned_data["unit"], by=request.user, role=form.cleaned_data["role"])
        except Refusal as refusal:
            say_beside(form, refusal, {"two_chairs": "role"})
        else:
            return section(request, series, "members", added=len(added))
    return section(request, series, "members", status=422, unit_form=form)


@require_http_methods(["GET", "POST"])
def series_member(request: SignedInRequest, series_id: int, member_id: int) -> HttpResponse:
    member = member_of(request, series_id, member_id)
    form = MemberForm(posted(request), instance=SeriesMember.objects.get(pk=member.pk))
    if form.is_valid():
        try:
            acts.change_member(member, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            say_beside(form, refusal, FIELDS_OF_MEMBER)
        else:
            return redirect(f"{reverse('meetings:series', args=[series_id])}#members")
    context = {"form": form, "member": member, "series": member.series}
    return render(request, "meetings/series_member.html", context, status=422 if form.is_bound else 200)


@require_POST
def series_member_role(request: SignedInRequest, series_id: int, member_id: int) -> HttpResponse:
    member = member_of(request, series_id, member_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise first_wrong(form)
    acts.change_member(member, by=request.user, role=form.cleaned_data["role"])
    return section(request, member.series, "members")


@require_POST
def series_member_removal(request: SignedInRequest, series_id: int, member_id: int) -> HttpResponse:
    member = member_of(request, series_id, member_id)
    acts.remove_member(member, by=request.user)
    return section(request, member.series, "members")


# -- Agenda template ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def template_lines(request: SignedInRequest, series_id: int) -> HttpResponse:
    """The section as it is now, which is how the form of a line is left; POST adds a line at the end."""
    series = changeable(request, series_id)
    if request.method == "GET":
        return section(request, series, "agenda")
    form = LineForm(request.POST)
    if form.is_valid():
        try:
            acts.add_line(series, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            say_beside(form, refusal, {"too_many_lines": "title"})
        else:
            return section(request, series, "agenda", just_added=True)
    return section(request, series, "agenda", status=422, line_form=form)


@require_http_methods(["GET", "POST"])
def template_line(request: SignedInRequest, series_id: int, place: int) -> HttpResponse:
    """The form of one line, in its place in the list or as a page; POST saves it."""
    series, line = line_of(request, series_id, place)
    form = LineForm(posted(request), initial=line, prefix="line", auto_id=f"id_{place}_%s")
    if form.is_valid():
        try:
            acts.change_line(series, place, by=request.user, seen=seen_by(request), **form.cleaned_data)
        except Refusal as refusal:
            say_beside(form, refusal, {})
        else:
            return section(request, series, "agenda")
    page = "meetings/_template_line_form.html" if request.htmx else "meetings/template_line.html"
    # After a refusal the form is still about what its page showed: saying it again must not hit another line.
    seen = seen_by(request) if form.is_bound else acts.state_of_template(series)
    context = {"form": form, "line": line, "series": series, "seen": seen}
    answer = render(request, page, context, status=422 if form.is_bound else 200)
    answer["HX-Retarget"], answer["HX-Reswap"] = f"#line-{place}", "outerHTML"
    return answer


@require_POST
def template_line_place(request: SignedInRequest, series_id: int, place: int) -> HttpResponse:
    series, _line = line_of(request, series_id, place)
    form = PlaceForm(request.POST)
    if form.is_valid():
        acts.move_line(series, place, by=request.user, seen=seen_by(request), to=form.cleaned_data["to"])
    return section(request, series, "agenda")


@require_POST
def template_line_removal(request: SignedInRequest, series_id: int, place: int) -> HttpResponse:
    series, _line = line_of(request, series_id, place)
    acts.remove_line(series, place, by=request.user, seen=seen_by(request))
    return section(request, series, "agenda")


# -- Shared steps ------------------------------------------------------------------------------------------------------


def seen_series(request: SignedInRequest, series_id: int) -> MeetingSeries:
    return get_object_or_404(visible_series(request.user).select_related("organisation", "rule_set"), pk=series_id)


def changeable(request: SignedInRequest, series_id: int) -> MeetingSeries:
    series = seen_series(request, series_id)
    if not may_change_series(request.user, series):
        raise PermissionDenied
    return series


def member_of(request: SignedInRequest, series_id: int, member_id: int) -> SeriesMember:
    series = changeable(request, series_id)
    member = get_object_or_404(series.default_members.select_related("person"), pk=member_id)
    member.series = series
    return member


def line_of(request: SignedInRequest, series_id: int, place: int) -> tuple[MeetingSeries, dict[str, Any]]:
    series = changeable(request, series_id)
    if not 1 <= place <= len(series.agenda_template):
        raise Http404
    return series, numbered(series.agenda_template)[place - 1]


def seen_by(request: SignedInRequest) -> str:
    """Which state of the template the page showed: without it, a line moved meanwhile would be taken for another."""
    return request.GET.get("seen", "")


def section(
    request: SignedInRequest, series: MeetingSeries, name: str, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """Answer with the section that changed; without htmx with the whole page."""
    if not request.htmx and status == 200:
        return redirect(f"{reverse('meetings:series', args=[series.pk])}#{name}")
    context = page_of(request, seen_series(request, series.pk), **forms)
    page = f"meetings/_series_{name}_section.html" if request.htmx else "meetings/series.html"
    answer = render(request, page, context, status=status)
    answer["HX-Retarget"], answer["HX-Reswap"] = f"#{name}", "outerHTML"
    return answer


def say_beside(form: forms.Form | forms.ModelForm, refusal: Refusal, fields: Mapping[str, str]) -> None:
    """Put the sentence beside its field; what is never allowed has no form on the page and is answered by itself."""
    if refusal.code == "forbidden":
        raise refusal
    field = fields.get(refusal.code)
    form.add_error(field if field in form.fields else None, str(refusal))
