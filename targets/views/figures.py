"""The leadership page, and the sessions behind every number on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from accounts.sheets import csv_of, workbook_of
from targets import charts, words
from targets.figures import Figures, Line, compared_keys, figures_of
from targets.forms import ScopeForm, SessionsForm
from targets.pictures import picture_of
from targets.queries import Phase, Scope, Session, meetings_opened_by, sessions_in
from targets.tables import table_of_sessions
from targets.views.fetching import readers_only

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SESSIONS_ON_A_PAGE = 100
NAMED = 5  # sessions on which a verdict hangs are named up to here, then counted


# -- The page ----------------------------------------------------------------------------------------------------------


@require_GET
@readers_only
def effect(request: SignedInRequest) -> HttpResponse:
    form = ScopeForm(request.GET, by=request.user)
    if not form.is_valid():
        return render(request, "targets/effect.html", {"form": form}, status=422)
    scope = form.scope()
    baselines = scope.baselines()
    figures = figures_of(baselines, sessions_in(scope, baselines))
    drawings = charts_of(figures, chosen(request))
    svgs = charts.kept(drawings.values())
    context = {
        "form": form,
        "figures": figures,
        "filters": chosen(request),
        "is_filtered": bool(chosen(request)),
        "charts": {name: svgs.get(chart.key, "") for name, chart in drawings.items()},
        "drafts": [baseline for baseline in baselines if not baseline.is_frozen],
        "without": series_without_baseline(scope),
        "frozen": [baseline for baseline in baselines if baseline.is_frozen],
        "named": NAMED,
        **overall(figures),
    }
    return render(request, "targets/effect.html", context)


def overall(figures: Figures) -> dict[str, Any]:
    """Sentence, picture and verdicts; nothing of them without enough sessions."""
    reduction = figures.overall
    if reduction is None:
        return {"reduction": None}
    from targets.effect import DRAWS, FOR_MEANS, FOR_POOLING, SEED

    return {
        "reduction": reduction,
        "headline": words.headline(reduction),
        "basis": words.basis(reduction, figures),
        "judgements": words.judgements(reduction, figures),
        "picture": picture_of(reduction),
        "method": {"draws": DRAWS, "seed": SEED, "for_means": FOR_MEANS, "for_pooling": FOR_POOLING},
    }


def series_without_baseline(scope: Scope) -> list[Any]:
    return list(scope.series_read().filter(baseline=None, ended_on=None).select_related("organisation")[:20])


def chosen(request: SignedInRequest) -> str:
    """The filters of the page as they stand in its address, to be handed on to every link."""
    kept = {name: request.GET[name] for name in ("unit", "series", "first", "last") if request.GET.get(name)}
    return urlencode(kept)


# -- Charts ------------------------------------------------------------------------------------------------------------


@require_GET
@readers_only
def chart(request: SignedInRequest, name: str) -> HttpResponse:
    """One chart by itself: the page asks for those that were not drawn before."""
    form = ScopeForm(request.GET, by=request.user)
    if not form.is_valid():
        raise Http404
    scope = form.scope()
    baselines = scope.baselines()
    drawings = charts_of(figures_of(baselines, sessions_in(scope, baselines)), chosen(request))
    if name not in drawings:
        raise Http404
    return HttpResponse(charts.drawn(drawings[name]))


def charts_of(figures: Figures, filters: str) -> dict[str, charts.Chart]:
    return {
        "series": chart_of_lines(_("Reduction by series"), figures.series, filters),
        "units": chart_of_lines(_("Reduction by unit"), figures.units, filters),
        "levels": chart_of_lines(_("Reduction by level"), figures.levels, filters),
        "months": chart_of_months(figures),
    }


def chart_of_lines(name: str, lines: Iterable[Line], filters: str) -> charts.Chart:
    marks = [
        charts.ReductionMark(
            label=line.name,
            share=line.reduction.share,
            low=line.reduction.low,
            high=line.reduction.high,
            href=sessions_address(filters, line.query, "phase=compared"),
            said=words.said_of_line(line),
        )
        for line in lines
        if line.reduction is not None
    ]
    return charts.reductions(name, marks)


def sessions_address(*parts: str) -> str:
    """The address of the sessions that these filters leave; later ones hold over earlier ones."""
    from django.http import QueryDict

    query = QueryDict(mutable=True)
    for part in parts:
        for name, value in QueryDict(part).items():
            query[name] = str(value)
    return f"{reverse('targets:sessions')}?{query.urlencode()}"


def chart_of_months(figures: Figures) -> charts.Chart:
    sessions = [
        charts.SessionMark(
            day=str(session.day),
            ratio=round(figures.ratios[session.key], 4),
            phase=session.phase.value,
            href=f"{reverse('targets:sessions')}?only={session.key}",
            said=words.said_of_session(session, figures.ratios[session.key]),
        )
        for session in figures.sessions
        if session.key in figures.ratios
    ]
    lines = [
        charts.MonthMark(str(line.month.replace(day=15)), round(line.ratio, 4), line.phase.value)
        for line in figures.pooled_months
        if line.phase is not Phase.LEARNING
    ]
    bounds = {(line.before[0].baseline.start_of_use, line.before[0].baseline.counts_from) for line in figures.pooled}
    learning = [str(day) for day in next(iter(bounds))] if len(bounds) == 1 else []
    return charts.months(_("Length of sessions by month"), sessions, lines, learning)


# -- The sessions behind a number --------------------------------------------------------------------------------------


@require_GET
@readers_only
def sessions(request: SignedInRequest) -> HttpResponse:
    form, found, _compared = chosen_sessions(request)
    page = Paginator(found, SESSIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    context = {
        "form": form,
        "page": page,
        "count": len(found),
        "minutes": sum(session.net_seconds for session in found) / 60,
        "openable": meetings_opened_by(request.user, shown),
        "filters": without_page(request),
        "back": chosen(request),
    }
    return render(request, "targets/sessions.html", context, status=200 if form.is_valid() else 422)


@require_GET
@readers_only
def sessions_export(request: SignedInRequest, form: str) -> HttpResponse:
    """The same sessions as a table with everything the figures are computed from."""
    _form, found, compared = chosen_sessions(request)
    rows = table_of_sessions(found[::-1], compared=compared, openable=meetings_opened_by(request.user, found))
    if form == "csv":
        answer = HttpResponse(csv_of(rows), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(workbook_of(_("Sessions"), rows), content_type=WORKBOOK)
    answer["Content-Disposition"] = f'attachment; filename="phien-{timezone.localdate():%Y-%m-%d}.{form}"'
    return answer


def without_page(request: SignedInRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def chosen_sessions(request: SignedInRequest) -> tuple[SessionsForm, list[Session], set[str]]:
    """The sessions that the address asks for, the latest first, and the keys of all that are compared."""
    form = SessionsForm(request.GET, by=request.user)
    if not form.is_valid():
        return form, [], set()
    scope = form.scope()
    found = sessions_in(scope, scope.baselines())
    compared = compared_keys(found)
    asked = form.cleaned_data
    if asked["level"] is not None:
        found = [session for session in found if session.unit.level_id == asked["level"]]
    if asked["month"]:
        found = [session for session in found if f"{session.day:%Y-%m}" == asked["month"]]
    if asked["only"]:
        keys = set(asked["only"].split(","))
        found = [session for session in found if session.key in keys]
    return form, in_phase(found, asked["phase"], compared)[::-1], compared


def in_phase(sessions: Sequence[Session], phase: str, compared: set[str]) -> list[Session]:
    if phase == "compared":
        return [session for session in sessions if session.key in compared]
    if phase == "corrected":
        return [session for session in sessions if session.is_corrected]
    if phase == "too_short":
        return [session for session in sessions if session.is_too_short]
    if phase:
        return [session for session in sessions if session.phase == phase and not session.is_too_short]
    return list(sessions)
