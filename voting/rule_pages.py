"""The pages of the rule sets: their list, what one says, and every act on it."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.acts import INSTALLATION
from accounts.models import Act
from accounts.requests import SignedInRequest
from accounts.rules import administers_something
from meetings.models import RuleSet
from meetings.views.fetching import posted
from realtime.refusals import Refusal
from voting import rule_actions
from voting.rule_forms import CheckForm, EndingForm, RuleSetForm, SizeForm
from voting.rule_preview import Preview, preview_of
from voting.rule_rights import may_keep_rule_sets, may_read_rule_sets, visible_rule_sets
from voting.rule_versions import OVER, grouped, state_on, versions_of, waiting_beyond
from voting.rule_words import said_by
from voting.terms import rule_of_rule_set

View = Callable[..., HttpResponse]

ACTS_SHOWN = 15
# Beside which field the sentence of a refusal stands; all others stand above the form.
FIELDS = {
    "name_used": "name",
    "begins_too_early": "valid_from",
    "overlaps": "valid_from",
    "waiting_version": "over_waiting",
    "not_yet_checked": "on",
    "not_the_newest": "last_day",
    "ends_too_early": "last_day",
    "used_after_the_end": "last_day",
}


def readers_only(view: View) -> View:
    """For whoever neither prepares meetings nor administers there are no pages of rules."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_read_rule_sets(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_GET
@readers_only
def rule_sets(request: SignedInRequest) -> HttpResponse:
    found = visible_rule_sets(request.user).select_related("checked_by").order_by("name", "-version")
    context = {
        "groups": grouped(found, timezone.localdate()),
        "may_keep": may_keep_rule_sets(request.user),
        "administers": administers_something(request.user),
    }
    return render(request, "voting/rule_sets.html", context)


@require_GET
def rule_set(request: SignedInRequest, rule_set_id: int) -> HttpResponse:
    """What one version says, and what that comes to for as many members as one likes."""
    seen = seen_rule_set(request, rule_set_id)
    size = SizeForm(request.GET)
    if request.headers.get("HX-Request"):
        return render(request, "voting/_rule_numbers.html", numbers_of(seen, size))
    return render(request, "voting/rule_set.html", page_of(request, seen, size))


def seen_rule_set(request: SignedInRequest, rule_set_id: int) -> RuleSet:
    return get_object_or_404(visible_rule_sets(request.user).select_related("checked_by"), pk=rule_set_id)


def page_of(request: SignedInRequest, rule_set: RuleSet, size: SizeForm, **more: Any) -> dict[str, Any]:
    today = timezone.localdate()
    versions = list(versions_of(rule_set).select_related("checked_by"))
    may_keep = may_keep_rule_sets(request.user)
    return {
        "rule_set": rule_set,
        "state": state_on(rule_set, today),
        "said": said_by(rule_set),
        "versions": [(version, state_on(version, today)) for version in versions],
        "newest": versions[0],
        "may_keep": may_keep,
        "may_withdraw": may_keep and versions[0].pk == rule_set.pk and rule_set.valid_from > today,
        "check_form": CheckForm(initial={"words": request.user.full_name, "on": today}) if may_keep else None,
        "ending_form": EndingForm(initial={"last_day": today}) if may_end(request, versions[0], rule_set) else None,
        "acts": acts_on(rule_set),
        **numbers_of(rule_set, size),
        **more,
    }


def may_end(request: SignedInRequest, newest: RuleSet, rule_set: RuleSet) -> bool:
    """Only the newest version has an end of its own, and what is over stays so."""
    is_the_newest = newest.pk == rule_set.pk
    return may_keep_rule_sets(request.user) and is_the_newest and state_on(rule_set, timezone.localdate()) != OVER


def numbers_of(rule_set: RuleSet, size: SizeForm) -> dict[str, Any]:
    return {"rule_set": rule_set, "size_form": size, "preview": preview_for(rule_set, size)}


def preview_for(rule_set: RuleSet, size: SizeForm) -> Preview | None:
    """None where no number of members was typed that a body can have."""
    return preview_of(rule_of_rule_set(rule_set), size.how_many) if size.is_valid() else None


def acts_on(rule_set: RuleSet) -> list[Act]:
    """What was done with this version, the last thing first; and what came and was taken back, which has no page."""
    taken_back = Q(act="rule_set_version_withdrawn", facts__code=rule_set.code)
    with_this = Q(about=f"rule_set:{rule_set.pk}")
    done = Act.objects.filter(with_this | taken_back, chain=INSTALLATION).select_related("by")
    return list(done.order_by("-number")[:ACTS_SHOWN])


# -- Writing -----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def rule_set_version(request: SignedInRequest, rule_set_id: int) -> HttpResponse:
    """A new version, which begins with what this one says."""
    kept = kept_rule_set(request, rule_set_id)
    waiting = waiting_beyond(kept, timezone.localdate())
    form = RuleSetForm(posted(request), like=kept, waiting=waiting, initial={"seen": versions_of(kept)[0].version})
    if form.is_valid() and not is_look(request):
        try:
            seen, over_waiting = form.cleaned_data["seen"] or 0, form.cleaned_data.get("over_waiting", False)
            made = rule_actions.make_version(
                kept, by=request.user, seen=seen, over_waiting=over_waiting, **day_of(form), **form.content
            )
        except Refusal as refusal:
            say_beside(form, refusal)
        else:
            messages.success(request, _("The new version is written. The one before it ends on the day before."))
            return redirect("voting:rule_set", made.pk)
    return written(request, "voting/rule_set_version.html", form)


@require_http_methods(["GET", "POST"])
def rule_set_copy(request: SignedInRequest, rule_set_id: int) -> HttpResponse:
    """A rule set of its own, which begins as a copy of this one."""
    kept = kept_rule_set(request, rule_set_id)
    form = RuleSetForm(posted(request), like=kept, initial={"name": ""})
    if form.is_valid() and not is_look(request):
        try:
            made = rule_actions.make_rule_set(kept, by=request.user, **day_of(form), **form.content)
        except Refusal as refusal:
            say_beside(form, refusal)
        else:
            messages.success(request, _("The rule set is written. From its first day on it can be chosen."))
            return redirect("voting:rule_set", made.pk)
    return written(request, "voting/rule_set_copy.html", form)


@require_POST
def rule_set_preview(request: SignedInRequest, rule_set_id: int) -> HttpResponse:
    """What a form says, and what that comes to, while it is being typed."""
    form = RuleSetForm(request.POST, like=kept_rule_set(request, rule_set_id))
    return render(request, "voting/_rule_preview.html", look_of(form))


@require_POST
def rule_set_withdrawal(request: SignedInRequest, rule_set_id: int) -> HttpResponse:
    kept = kept_rule_set(request, rule_set_id)
    rule_actions.withdraw_version(kept, by=request.user)
    messages.success(request, _("The version is taken back."))
    before = versions_of(kept).first()
    return redirect("voting:rule_set", before.pk) if before else redirect("voting:rule_sets")


@require_POST
def rule_set_ending(request: SignedInRequest, rule_set_id: int) -> HttpResponse:
    kept = kept_rule_set(request, rule_set_id)
    form = EndingForm(request.POST)
    if form.is_valid():
        try:
            rule_actions.end_rule_set(kept, by=request.user, last_day=form.cleaned_data["last_day"])
        except Refusal as refusal:
            say_beside(form, refusal)
    if form.errors:
        page = page_of(request, kept, SizeForm({}), ending_form=form)
        return render(request, "voting/rule_set.html", page, status=422)
    messages.success(request, _("The end is set. After that day the rules are no longer offered."))
    return redirect("voting:rule_set", kept.pk)


@require_POST
def rule_set_ending_withdrawal(request: SignedInRequest, rule_set_id: int) -> HttpResponse:
    kept = kept_rule_set(request, rule_set_id)
    rule_actions.withdraw_end(kept, by=request.user)
    messages.success(request, _("The end is taken back: the rules go on."))
    return redirect("voting:rule_set", kept.pk)


def kept_rule_set(request: SignedInRequest, rule_set_id: int) -> RuleSet:
    seen = seen_rule_set(request, rule_set_id)
    if not may_keep_rule_sets(request.user):
        raise PermissionDenied
    return seen


def is_look(request: SignedInRequest) -> bool:
    """Was the button for a look pressed? It keeps nothing; a script asks for the same at every change."""
    return "look" in request.POST


def day_of(form: RuleSetForm) -> dict[str, date]:
    return {"valid_from": form.cleaned_data["valid_from"]}


def written(request: SignedInRequest, page: str, form: RuleSetForm) -> HttpResponse:
    """The form, with what it says beside it."""
    context = {"rule_set": form.like, "form": form, **look_of(form)}
    return render(request, page, context, status=422 if form.errors else 200)


def look_of(form: RuleSetForm) -> dict[str, Any]:
    """What the form says and comes to; where that cannot be said yet, why."""
    draft = form.draft
    if draft is None:
        return {"said": [], "preview": None, "wrong": form.wrong_in_rules}
    size = SizeForm({"members": form["members"].value()})
    return {"said": said_by(draft), "wrong": [], **numbers_of(draft, size), "rule_set": form.like}


def say_beside(form: forms.Form, refusal: Refusal) -> None:
    if refusal.code == "forbidden":
        raise refusal
    form.add_error(FIELDS.get(refusal.code), str(refusal))


# -- Checks against the law --------------------------------------------------------------------------------------------


@require_POST
def rule_set_check(request: SignedInRequest, rule_set_id: int) -> HttpResponse:
    kept = kept_rule_set(request, rule_set_id)
    form = CheckForm(request.POST)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            rule_actions.record_check(kept, by=request.user, person=chosen["person"], on=chosen["on"])
        except Refusal as refusal:
            say_beside(form, refusal)
    if form.errors:
        page = page_of(request, kept, SizeForm({}), check_form=form)
        return render(request, "voting/rule_set.html", page, status=422)
    messages.success(request, _("The check is recorded."))
    return redirect("voting:rule_set", kept.pk)


@require_POST
def rule_set_check_withdrawal(request: SignedInRequest, rule_set_id: int) -> HttpResponse:
    kept = kept_rule_set(request, rule_set_id)
    rule_actions.withdraw_check(kept, by=request.user)
    messages.success(request, _("The version counts as not checked again."))
    return redirect("voting:rule_set", kept.pk)
