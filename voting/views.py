"""The pages and forms of polls. Fetch through the person, check the form, call one action, answer."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import SignedInRequest, words_in
from accounts.sheets import workbook_of
from meetings.models import Meeting
from meetings.rules import may_run
from realtime.refusals import Refusal
from voting import actions, rules
from voting.forms import AloudForm, PollForm, typed_for
from voting.models import Poll
from voting.proof import file_of
from voting.results import names_by_choice, table_of, with_ballots
from voting.tables import rows_of
from voting.terms import rule_sets_of

CHECKER = Path(__file__).with_name("checker") / "check_vote.py"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_POST
def polls(request: SignedInRequest, meeting_key: UUID) -> HttpResponse:
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=meeting_key)
    if not rules.may_draft(request.user, meeting):
        raise PermissionDenied
    form = PollForm(request.POST, meeting=meeting)
    if not form.is_valid():
        raise not_filled_in(form)
    actions.draft_poll(form.cleaned_data["item"], by=request.user, **form.terms)
    if request.headers.get("HX-Request"):
        return said(request, _("The vote is kept as a draft. Open it when it is its turn."))
    return done(request, meeting)


@require_http_methods(["GET", "HEAD", "POST"])
def poll(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The page of a poll; by POST, a prepared one is changed."""
    poll = visible_poll(request, key)
    if request.method == "POST":
        return change(request, poll)
    return render(request, "voting/poll.html", page_of(request, poll))


def change(request: SignedInRequest, poll: Poll) -> HttpResponse:
    if not rules.may_draft(request.user, poll.meeting):
        raise PermissionDenied
    typed = request.POST.copy()
    typed["item"] = str(poll.item_id)
    form = PollForm(typed, meeting=poll.meeting)
    if not form.is_valid():
        raise not_filled_in(form)
    actions.change_poll(poll, by=request.user, **form.terms)
    return done(request, poll.meeting)


@require_GET
def names(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Who voted how, once that may be seen."""
    poll = visible_poll(request, key)
    if not rules.may_see_result(request.user, poll):
        raise PermissionDenied
    return render(request, "voting/_names.html", {"poll": poll, "names": names_by_choice(poll)})


@require_POST
def removal(request: SignedInRequest, key: UUID) -> HttpResponse:
    poll = visible_poll(request, key)
    if not rules.may_draft(request.user, poll.meeting):
        raise PermissionDenied
    actions.discard_draft(poll, by=request.user)
    return done(request, poll.meeting)


@require_POST
def opening(request: SignedInRequest, key: UUID) -> HttpResponse:
    poll = poll_to_run(request, key)
    actions.open_poll(poll, by=request.user)
    return done(request, poll.meeting)


@require_POST
def opening_undoing(request: SignedInRequest, key: UUID) -> HttpResponse:
    poll = poll_to_run(request, key)
    actions.undo_opening(poll, by=request.user)
    return done(request, poll.meeting)


@require_POST
def closing(request: SignedInRequest, key: UUID) -> HttpResponse:
    poll = poll_to_run(request, key)
    actions.close_poll(poll, by=request.user)
    return done(request, poll.meeting)


@require_POST
def announcement(request: SignedInRequest, key: UUID) -> HttpResponse:
    poll = poll_to_run(request, key)
    actions.announce_result(poll, by=request.user, tie_confirmed="tie_confirmed" in request.POST)
    return done(request, poll.meeting)


@require_POST
def cancellation(request: SignedInRequest, key: UUID) -> HttpResponse:
    poll = poll_to_run(request, key)
    actions.cancel_poll(poll, by=request.user, reason=words_in(request.POST.get("reason", "")))
    return done(request, poll.meeting)


@require_POST
def repetition(request: SignedInRequest, key: UUID) -> HttpResponse:
    poll = poll_to_run(request, key)
    actions.repeat_poll(poll, by=request.user)
    return done(request, poll.meeting)


@require_POST
def moving(request: SignedInRequest, key: UUID) -> HttpResponse:
    """A draft goes one place up or down among those of its item."""
    poll = visible_poll(request, key)
    if not rules.may_draft(request.user, poll.meeting):
        raise PermissionDenied
    actions.move_draft(poll, by=request.user, earlier=request.POST.get("to") == "earlier")
    return done(request, poll.meeting)


@require_POST
def correction(request: SignedInRequest, key: UUID) -> HttpResponse:
    poll = poll_to_run(request, key)
    actions.correct_result(poll, by=request.user, words=words_in(request.POST.get("words", "")))
    return done(request, poll.meeting)


@require_GET
def table(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The announced result as a workbook: numbers, rules, and who voted how."""
    poll = visible_poll(request, key)
    if poll.state != Poll.State.ANNOUNCED:
        raise Http404
    answer = HttpResponse(workbook_of(_("Result of the vote"), rows_of(poll)), content_type=WORKBOOK)
    answer["Content-Disposition"] = f'attachment; filename="bieu-quyet-{poll.opened_at:%Y%m%d-%H%M}.xlsx"'
    return answer


@require_GET
def file(request: SignedInRequest, key: UUID) -> HttpResponse:
    """All of an announced vote, for whoever counts again without this system. It names addresses of tablets."""
    poll = poll_to_run(request, key)
    if poll.state != Poll.State.ANNOUNCED:
        raise Http404
    answer = JsonResponse(file_of(poll), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="bieu-quyet-{poll.opened_at:%Y%m%d-%H%M}.json"'
    return answer


@require_GET
def checker(request: SignedInRequest) -> HttpResponse:
    """The program that counts again, for a machine without this system."""
    answer = HttpResponse(CHECKER.read_bytes(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{CHECKER.name}"'
    return answer


@require_POST
def aloud(request: SignedInRequest, key: UUID) -> HttpResponse:
    poll = poll_to_run(request, key)
    form = AloudForm(request.POST, poll=poll)
    if not form.is_valid():
        raise not_filled_in(form)
    actions.record_aloud(poll, by=request.user, **form.cleaned_data)
    return done(request, poll.meeting)


def visible_poll(request: SignedInRequest, key: UUID) -> Poll:
    seen = Poll.objects.visible_to(request.user)
    return get_object_or_404(with_ballots(seen), pk=key)


def poll_to_run(request: SignedInRequest, key: UUID) -> Poll:
    poll = visible_poll(request, key)
    if not may_run(request.user, poll.meeting):
        raise PermissionDenied
    return poll


def page_of(request: SignedInRequest, poll: Poll) -> dict[str, Any]:
    shown = rules.may_see_result(request.user, poll)
    return {
        "poll": poll,
        "meeting": poll.meeting,
        "table": table_of(poll) if shown else None,
        "names": names_by_choice(poll) if shown else {},
        "may_check": poll.state == Poll.State.ANNOUNCED and may_run(request.user, poll.meeting),
        **fields_of(request, poll),
        "repetitions": Poll.objects.visible_to(request.user).filter(repeats=poll),
    }


def fields_of(request: SignedInRequest, poll: Poll) -> dict[str, Any]:
    """The fields of a prepared poll, for who may change it."""
    if poll.state != Poll.State.DRAFTED or not rules.may_draft(request.user, poll.meeting):
        return {}
    is_at_the_desk = poll.meeting.is_running and may_run(request.user, poll.meeting)
    back = reverse("meetings:desk" if is_at_the_desk else "meetings:meeting", args=[poll.meeting_id])
    return {"typed": typed_for(poll), "rule_sets": rule_sets_of(poll.meeting), "back": back}


def not_filled_in(form: PollForm | AloudForm) -> Refusal:
    """The first thing wrong with a form whose fields stand in a panel: what was typed stays there."""
    return Refusal("invalid", next(iter(form.errors.values()))[0])


def said(request: SignedInRequest, sentence: str) -> HttpResponse:
    """Answer htmx with a sentence where refusals stand; the panel itself comes on its stream."""
    answer = render(request, "ui/_said.html", {"sentence": sentence})
    answer["HX-Retarget"], answer["HX-Reswap"] = "#refusals", "innerHTML"
    return answer


def done(request: SignedInRequest, meeting: Meeting) -> HttpResponse:
    """The desk hears of the change on its stream; a page of its own goes where its form says, or to the meeting."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = ""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": back} if back else {})
    return redirect(back or resolve_url("meetings:meeting", meeting.pk))
