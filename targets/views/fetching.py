"""Everything is fetched through the person: for who reads no figures and keeps none there are no such pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.requests import SignedInRequest
from targets import rules
from targets.models import Baseline, BaselineSession

View = Callable[..., HttpResponse]


def readers_only(view: View) -> View:
    """For leaders and administrators; for everybody else these pages do not exist."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.reads_figures(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def visible_baseline(request: SignedInRequest, baseline_id: int) -> Baseline:
    found = Baseline.objects.visible_to(request.user).select_related("series__organisation", "frozen_by", "entered_by")
    return get_object_or_404(found, pk=baseline_id)


def visible_session(request: SignedInRequest, session_id: int) -> BaselineSession:
    baselines = Baseline.objects.visible_to(request.user).values("pk")
    found = BaselineSession.objects.filter(baseline__in=baselines).select_related("baseline__series__organisation")
    return get_object_or_404(found, pk=session_id)
