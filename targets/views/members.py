"""Statistics per member of a unit for a period, and what stands behind them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Organisation
from accounts.requests import SignedInRequest
from accounts.sheets import csv_of, workbook_of
from meetings.models import Meeting
from targets import charts, rules
from targets.forms import MembersForm
from targets.members import Member, held_meetings, members_of
from targets.views.fetching import readers_only
from targets.views.figures import WORKBOOK


@require_GET
@readers_only
def members(request: SignedInRequest) -> HttpResponse:
    form, found = chosen_members(request)
    drawings = charts_of(found, request)
    if request.headers.get("HX-Request") and request.GET.get("chart") in drawings:
        return HttpResponse(charts.drawn(drawings[request.GET["chart"]]))
    svgs = charts.kept(drawings.values())
    context = {
        "form": form,
        "members": found,
        "charts": {name: svgs.get(chart.key, "") for name, chart in drawings.items()},
        "filters": request.GET.urlencode(),
        "unit": form.cleaned_data.get("unit") if form.is_valid() else None,
    }
    return render(request, "targets/members.html", context, status=200 if form.is_valid() else 422)


def chosen_members(request: SignedInRequest) -> tuple[MembersForm, list[Member]]:
    """The members of the chosen unit; where none is chosen, of the first that held sessions."""
    data: Any = request.GET.copy()
    if not data.get("unit"):
        data["unit"] = str(first_unit(request) or "")
    form = MembersForm(data, by=request.user)
    if not form.is_valid():
        return form, []
    asked = form.cleaned_data
    return form, members_of(held_meetings(asked["unit"], asked["first"], asked["last"]))


def first_unit(request: SignedInRequest) -> int | None:
    """The unit with the highest level among those that held sessions."""
    units = rules.units_read_by(request.user)
    held = Meeting.objects.filter(state=Meeting.State.CLOSED).values("organisation")
    for found in (units.filter(pk__in=held), units):
        unit: Organisation | None = found.order_by("level__rank", "name").first()
        if unit is not None:
            return unit.pk
    return None


def charts_of(members: list[Member], request: SignedInRequest) -> dict[str, charts.Chart]:
    names = {
        "attendance": (_("Sessions attended"), lambda member: member.attended),
        "speeches": (_("Speeches"), lambda member: member.speeches),
        "votes": (_("Votes cast"), lambda member: member.ballots),
    }
    return {
        key: charts.counts(
            name,
            [
                charts.CountMark(
                    label=member.person.full_name,
                    count=count_of(member),
                    href=member_address(member, request),
                    said=f"{member.person.full_name}: {count_of(member)}. {name}.",
                )
                for member in members
            ],
            name,
        )
        for key, (name, count_of) in names.items()
    }


def member_address(member: Member, request: SignedInRequest) -> str:
    kept = {name: request.GET[name] for name in ("unit", "first", "last") if request.GET.get(name)}
    address = reverse("targets:member", args=[member.person.pk])
    return f"{address}?{urlencode(kept)}" if kept else address


@require_GET
@readers_only
def member(request: SignedInRequest, person_id: int) -> HttpResponse:
    """The sessions of one member in the period."""
    form, found = chosen_members(request)
    one = next((member for member in found if member.person.pk == person_id), None)
    if one is None:
        raise Http404
    keys = [presence.meeting.pk for presence in one.presences]
    openable = set(Meeting.objects.visible_to(request.user).filter(pk__in=keys).values_list("pk", flat=True))
    context = {
        "member": one,
        "presences": one.presences[::-1],
        "openable": openable,
        "filters": request.GET.urlencode(),
        "unit": form.cleaned_data["unit"],
    }
    return render(request, "targets/member.html", context)


@require_GET
@readers_only
def members_export(request: SignedInRequest, form: str) -> HttpResponse:
    _form, found = chosen_members(request)
    rows = [header(), *(row_of(member) for member in found)]
    if form == "csv":
        answer = HttpResponse(csv_of(rows), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(workbook_of(_("Members"), rows), content_type=WORKBOOK)
    answer["Content-Disposition"] = f'attachment; filename="phien-thanh-vien-{timezone.localdate():%Y-%m-%d}.{form}"'
    return answer


def header() -> list[str]:
    return [
        _("Full name"),
        _("Sessions"),
        _("Sessions attended"),
        _("Speeches"),
        _("Minutes spoken"),
        _("Votes on the roll"),
        _("Votes cast"),
    ]


def row_of(member: Member) -> list[str]:
    spoken = (member.speeches, round(member.speech_minutes))
    counts = (member.sessions, member.attended, *spoken, member.polls, member.ballots)
    return [member.person.full_name, *map(str, counts)]
