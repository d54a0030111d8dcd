"""How the system is: for machines, for Prometheus, and as a page for those who administer it."""

import hmac
from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from accounts.requests import SignedInRequest
from accounts.rules import is_system_admin
from config import health
from config.health import State
from realtime import metrics

STARTED_AT: datetime = timezone.now()
NAMES = {
    "database": _("Database"),
    "tables": _("Tables (as the version needs them)"),
    "redis": _("Redis (news between servers)"),
    "writer": _("Writer (stores what tablets send)"),
    "worker": _("Worker (reads papers)"),
    "disk": _("Disk"),
    "office": _("Office files (Word, Excel, PowerPoint)"),
}


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 503 when people cannot work; what merely ails is named. Strangers learn no more than names."""
    found = health.findings()
    is_down = any(finding.state == State.DOWN for finding in found)
    ailing = [finding.name for finding in found if finding.state != State.WELL]
    return JsonResponse({"ok": not is_down, "ailing": ailing}, status=503 if is_down else 200)


@login_not_required
@never_cache
@require_safe
def exposition(request: HttpRequest) -> HttpResponse:
    """The counts of this process for Prometheus, for whoever knows PHIEN_METRICS_TOKEN."""
    told = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(
        told.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()
    ):
        raise Http404
    return HttpResponse(metrics.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


@never_cache
@require_GET
def system(request: SignedInRequest) -> HttpResponse:
    if not is_system_admin(request.user):
        raise Http404
    found = health.findings()
    context = {
        "findings": [(NAMES[finding.name], finding) for finding in found],
        "is_down": any(finding.state == State.DOWN for finding in found),
        "is_well": all(finding.state == State.WELL for finding in found),
        "counts": metrics.summary(),
        "started_at": STARTED_AT,
    }
    return render(request, "config/system.html", context)
