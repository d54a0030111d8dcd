"""The pages of the rule sets: their list, what one says, and every act on it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from accounts.rules import administers_something
from meetings.models import RuleSet
from voting.rule_forms import SizeForm
from voting.rule_preview import Preview, preview_of
from voting.rule_rights import may_keep_rule_sets, may_read_rule_sets, visible_rule_sets
from voting.rule_versions import grouped, state_on, versions_of
from voting.rule_words import said_by
from voting.terms import rule_of_rule_set

View = Callable[..., HttpResponse]


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
    return {
        "rule_set": rule_set,
        "state": state_on(rule_set, today),
        "said": said_by(rule_set),
        "versions": [(version, state_on(version, today)) for version in versions],
        "newest": versions[0],
        "may_keep": may_keep_rule_sets(request.user),
        **numbers_of(rule_set, size),
        **more,
    }


def numbers_of(rule_set: RuleSet, size: SizeForm) -> dict[str, Any]:
    return {"rule_set": rule_set, "size_form": size, "preview": preview_for(rule_set, size)}


def preview_for(rule_set: RuleSet, size: SizeForm) -> Preview | None:
    """None where no number of members was typed that a body can have."""
    return preview_of(rule_of_rule_set(rule_set), size.how_many) if size.is_valid() else None
