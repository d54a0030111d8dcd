"""The levels of administration, which the law changes: read by all administrators, kept by those of the system."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import actions, rules
from accounts.administration.fetching import administrators_only
from accounts.forms import LevelForm
from accounts.models import OrganisationLevel
from accounts.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
@administrators_only
def levels(request: SignedInRequest) -> HttpResponse:
    form = LevelForm(request.POST or None)
    if form.is_valid():
        actions.create_level(by=request.user, **form.cleaned_data)
        messages.success(request, _("The level is entered."))
        return redirect("accounts:levels")
    open_units = Count("organisation", filter=Q(organisation__closed_on=None))
    context = {
        "form": form,
        "levels": OrganisationLevel.objects.annotate(units_count=open_units),
        "is_system_admin": rules.is_system_admin(request.user),
    }
    return render(request, "accounts/levels.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@administrators_only
def level(request: SignedInRequest, level_id: int) -> HttpResponse:
    level = get_object_or_404(OrganisationLevel, pk=level_id)
    form = LevelForm(request.POST or None, instance=OrganisationLevel.objects.get(pk=level.pk))
    if not form.is_valid():
        context = {"form": form, "level": level}
        return render(request, "accounts/level.html", context, status=422 if form.is_bound else 200)
    actions.change_level(level, by=request.user, **form.cleaned_data)
    messages.success(request, _("The changes are saved."))
    return redirect("accounts:levels")
