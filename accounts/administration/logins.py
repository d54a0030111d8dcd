"""The log of log-ins, searched by account and time."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.administration.fetching import administrators_only
from accounts.forms import LoginFilterForm
from accounts.queries import found_logins, logins_visible_to
from accounts.requests import SignedInRequest

LOGINS_ON_A_PAGE = 30


@require_GET
@administrators_only
def logins(request: SignedInRequest) -> HttpResponse:
    form = LoginFilterForm(request.GET)
    acts = logins_visible_to(request.user)
    acts = found_logins(acts, **form.cleaned_data) if form.is_valid() else acts.none()
    page = Paginator(acts, LOGINS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/logins.html", {"form": form, "page": page})
