"""Size of the letters; pages for what went wrong."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.refusals import refused
from realtime.refusals import Refusal

TEXT_SIZES = {"1", "2", "3"}
A_YEAR_S = 365 * 24 * 3600


@login_not_required
@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Keep the size of the letters on this tablet; the element text-size does the same without leaving the page."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    answer = redirect(back)
    chosen = request.POST.get("text_size", "")
    if chosen in TEXT_SIZES:
        answer.set_cookie("text_size", chosen, max_age=A_YEAR_S, samesite="Lax")
    return answer


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return refused(request, Refusal("forbidden", _("You may not do that here.")))
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", {"form_expired": True}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
