"""Size of the letters, light and dark, the first own password; pages for what went wrong."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import choose_password
from accounts.login_forms import FirstPasswordForm
from accounts.models import Person
from accounts.refusals import refused
from accounts.requests import SignedInRequest
from realtime.refusals import Refusal

TEXT_SIZES = {"1", "2", "3"}
A_YEAR_S = 365 * 24 * 3600


@login_not_required
@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Keep the size of the letters on this tablet; the element text-size does the same without leaving the page."""
    answer = redirect(way_back(request))
    chosen = request.POST.get("text_size", "")
    if chosen in TEXT_SIZES:
        answer.set_cookie("text_size", chosen, max_age=A_YEAR_S, samesite="Lax")
    return answer


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device: remembered for the person, and on this tablet for whoever is not logged in."""
    answer = redirect(way_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in Person.Theme.values:
        answer.set_cookie("theme", chosen, max_age=A_YEAR_S, samesite="Lax")
        if request.user.is_authenticated:
            Person.objects.filter(pk=request.user.pk).update(theme=chosen)
    return answer


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def first_password(request: SignedInRequest) -> HttpResponse:
    """Whoever came with a password that was given out chooses an own one, then goes on to where they were going."""
    form = FirstPasswordForm(request.user, request.POST if request.method == "POST" else None)
    if not request.user.must_choose_password:
        return redirect(way_back(request))
    if form.is_valid():
        person = choose_password(request.user, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, person)
        messages.success(request, _("From now on you log in with your own password."))
        return redirect(way_back(request))
    context = {"form": form, "next": way_back(request)}
    return render(request, "account/first_password.html", context, status=422 if form.is_bound else 200)


def way_back(request: HttpRequest) -> str:
    """Where the page was, or was going to; never to another host."""
    back = request.POST.get("next") or request.GET.get("next") or "/"
    return back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/"


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
