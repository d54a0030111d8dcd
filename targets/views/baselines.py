"""Baselines: typed or brought in from a table, looked through, and frozen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.administration.importing import header_sentence
from accounts.models import Act
from accounts.people_import import WrongHeader
from accounts.requests import SignedInRequest
from accounts.sheets import csv_of, workbook_of
from realtime.refusals import Refusal
from realtime.transactions import one_transaction
from targets import actions, baseline_import, rules
from targets.forms import FreezingForm, NewBaselineForm, SessionForm, TableForm, WindowForm, kind_of_proof
from targets.models import Baseline
from targets.views.fetching import visible_baseline, visible_session
from targets.views.figures import WORKBOOK

ROWS_SHOWN = 200
PREVIEW_SECONDS = 2 * 3600
PROOF_TYPES = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}
EXAMPLE = ["05/01/2025", "08:00", "11:30", "", "15", "7", "24", "01/BB-UBND"]


# -- The list ----------------------------------------------------------------------------------------------------------


@require_GET
def baselines(request: SignedInRequest) -> HttpResponse:
    keeps = rules.keeps_numbers(request.user)
    if not keeps and not rules.reads_figures(request.user):
        raise Http404
    found = Baseline.objects.visible_to(request.user).select_related("series__organisation", "frozen_by")
    context = {"baselines": found.prefetch_related("sessions"), "keeps": keeps}
    return render(request, "targets/baselines.html", context)


@require_http_methods(["GET", "POST"])
def new_baseline(request: SignedInRequest) -> HttpResponse:
    if not rules.keeps_numbers(request.user):
        raise Http404
    form = NewBaselineForm(request.POST or None, by=request.user, initial={"series": request.GET.get("series", "")})
    if form.is_valid():
        try:
            made = actions.enter_baseline(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            say_beside(form, refusal)
        else:
            messages.success(request, _("The baseline is begun. Now enter every session of its window."))
            return redirect("targets:baseline", made.pk)
    return render(request, "targets/new_baseline.html", {"form": form}, status=422 if form.is_bound else 200)


def say_beside(form: Any, refusal: Refusal) -> None:
    """Put the sentence into the form; what is never allowed, or no more, has no form and is answered by itself."""
    if refusal.code in {"forbidden", "frozen"}:
        raise refusal
    form.add_error(None, str(refusal))


# -- One baseline ------------------------------------------------------------------------------------------------------


@require_GET
def baseline(request: SignedInRequest, baseline_id: int) -> HttpResponse:
    return show(request, visible_baseline(request, baseline_id))


def show(request: SignedInRequest, baseline: Baseline, *, status: int = 200, **instead: Any) -> HttpResponse:
    """The page of a baseline; a form that was refused takes the place of an empty one."""
    sessions = list(baseline.sessions.all())
    context = {
        "baseline": baseline,
        "sessions": sessions,
        "hours": sum(session.net_seconds for session in sessions) / 3600,
        "may_change": not baseline.is_frozen and rules.may_keep(request.user, baseline.series),
        "may_read": rules.reads_figures(request.user),
        "statement": baseline.statement or actions.statement_of(baseline, sessions),
        "missing": sorted(actions.days_known_to_the_system(baseline) - {one.held_on for one in sessions}),
        "session_form": SessionForm(),
        "window_form": WindowForm(initial=vars(baseline)),
        "freezing_form": FreezingForm(prefix="freezing"),
        "acts": Act.objects.filter(chain=baseline.chain).select_related("by").order_by("-number")[:20],
        **instead,
    }
    return render(request, "targets/baseline.html", context, status=status)


@require_POST
def window(request: SignedInRequest, baseline_id: int) -> HttpResponse:
    baseline = visible_baseline(request, baseline_id)
    form = WindowForm(request.POST)
    if form.is_valid():
        try:
            actions.change_baseline(baseline, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            say_beside(form, refusal)
    if form.errors:
        return show(request, baseline, status=422, window_form=form)
    messages.success(request, _("The changes are saved."))
    return redirect("targets:baseline", baseline.pk)


@require_POST
def baseline_sessions(request: SignedInRequest, baseline_id: int) -> HttpResponse:
    """Enter one more session."""
    baseline = visible_baseline(request, baseline_id)
    form = SessionForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            with one_transaction():
                session = actions.add_session(baseline, form.held(), by=request.user)
                actions.attach_proof(session, form.cleaned_data["proof"], by=request.user)
        except Refusal as refusal:
            say_beside(form, refusal)
    if form.errors:
        return show(request, baseline, status=422, session_form=form)
    messages.success(request, _("The session is entered."))
    return redirect("targets:baseline", baseline.pk)


@require_POST
def freezing(request: SignedInRequest, baseline_id: int) -> HttpResponse:
    baseline = visible_baseline(request, baseline_id)
    form = FreezingForm(request.POST, prefix="freezing")
    if form.is_valid():
        try:
            actions.freeze_baseline(baseline, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            say_beside(form, refusal)
    if form.errors:
        return show(request, baseline, status=422, freezing_form=form)
    messages.success(request, _("The baseline is frozen. Results are computed from now on."))
    return redirect("targets:baseline", baseline.pk)


@require_POST
def withdrawal(request: SignedInRequest, baseline_id: int) -> HttpResponse:
    actions.withdraw_baseline(visible_baseline(request, baseline_id), by=request.user)
    messages.success(request, _("The draft is taken back."))
    return redirect("targets:baselines")


# -- One session -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def baseline_session(request: SignedInRequest, session_id: int) -> HttpResponse:
    """What the minutes say about one session; while the baseline is a draft it can be changed here."""
    session = visible_session(request, session_id)
    baseline = session.baseline
    form = SessionForm(request.POST or None, request.FILES or None, session=session)
    if request.method == "POST" and form.is_valid():
        try:
            with one_transaction():
                changed = actions.change_session(session, form.held(), by=request.user)
                actions.attach_proof(changed, form.cleaned_data["proof"], by=request.user)
        except Refusal as refusal:
            say_beside(form, refusal)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("targets:baseline", baseline.pk)
    context = {
        "session": session,
        "baseline": baseline,
        "form": form,
        "may_change": not baseline.is_frozen and rules.may_keep(request.user, baseline.series),
    }
    return render(request, "targets/baseline_session.html", context, status=422 if form.is_bound else 200)


@require_POST
def session_removal(request: SignedInRequest, session_id: int) -> HttpResponse:
    session = visible_session(request, session_id)
    actions.remove_session(session, by=request.user)
    messages.success(request, _("The session is removed."))
    return redirect("targets:baseline", session.baseline_id)


@require_GET
def proof(request: SignedInRequest, session_id: int) -> HttpResponseBase:
    """The scanned minutes, for those who see the baseline; always saved, never opened by the page."""
    session = visible_session(request, session_id)
    if not session.proof:
        raise Http404
    file = session.proof.open("rb")
    kind = kind_of_proof(file)
    return FileResponse(
        file,
        as_attachment=True,
        filename=session.proof_name or f"bien-ban.{kind}",
        content_type=PROOF_TYPES.get(kind or "", "application/octet-stream"),
    )


# -- From a table ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def import_of_sessions(request: SignedInRequest, baseline_id: int) -> HttpResponse:
    """The file is read and shown; nothing is entered yet."""
    baseline = kept_draft(request, baseline_id)
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    if form.is_valid():
        try:
            cells = baseline_import.cells_by_column(form.cleaned_data["file"])
        except WrongHeader as wrong:
            form.add_error("file", header_sentence(wrong.missing))
        else:
            if cells:
                return preview(request, baseline, cells)
            form.add_error("file", _("There is a header, but no row below it."))
    context = {"form": form, "baseline": baseline, "columns": baseline_import.header()}
    return render(request, "targets/import_of_sessions.html", context, status=422 if form.is_bound else 200)


def kept_draft(request: SignedInRequest, baseline_id: int) -> Baseline:
    baseline = visible_baseline(request, baseline_id)
    if baseline.is_frozen or not rules.may_keep(request.user, baseline.series):
        with one_transaction():
            actions.locked_draft(baseline, request.user)  # says why
    return baseline


def preview(request: SignedInRequest, baseline: Baseline, cells: list[dict[str, str]]) -> HttpResponse:
    lines = baseline_import.check_rows(cells, baseline)
    wrong = [line for line in lines if line.problems]
    context = {
        "baseline": baseline,
        "count": len(lines),
        "wrong": wrong,
        "lines": (wrong or lines)[:ROWS_SHOWN],
        # What was shown is what is entered: the rows travel with the page, signed for this person and baseline.
        "rows": "" if wrong else signing.dumps(cells, salt=salt_of(request, baseline), compress=True),
    }
    return render(request, "targets/import_of_sessions.html", context, status=422 if wrong else 200)


def salt_of(request: SignedInRequest, baseline: Baseline) -> str:
    return f"import_of_sessions:{request.user.pk}:{baseline.pk}"


@require_POST
def entry_of_sessions(request: SignedInRequest, baseline_id: int) -> HttpResponse:
    """Enter all that was shown, or nothing."""
    baseline = kept_draft(request, baseline_id)
    try:
        cells = signing.loads(request.POST.get("rows", ""), salt=salt_of(request, baseline), max_age=PREVIEW_SECONDS)
    except signing.BadSignature:
        messages.error(request, _("The table was shown too long ago. Choose the file again."))
        return redirect("targets:import_of_sessions", baseline.pk)
    lines = baseline_import.check_rows(cells, baseline)
    held = [line.held for line in lines if line.held]
    if len(held) != len(lines):
        return preview(request, baseline, cells)
    count = len(actions.add_sessions(baseline, held, by=request.user))
    messages.success(
        request, ngettext("%(count)d session is entered.", "%(count)d sessions are entered.", count) % {"count": count}
    )
    return redirect("targets:baseline", baseline.pk)


@require_GET
def table_for_sessions(request: SignedInRequest, form: str) -> HttpResponse:
    """The empty table with its header and one row as an example."""
    if not rules.keeps_numbers(request.user):
        raise Http404
    rows = [baseline_import.header(), EXAMPLE]
    if form == "csv":
        answer = HttpResponse(csv_of(rows), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(workbook_of(_("Sessions"), rows), content_type=WORKBOOK)
    answer["Content-Disposition"] = f'attachment; filename="phien-so-lieu-goc.{form}"'
    return answer
