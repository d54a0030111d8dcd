"""The tree of units and the page of one unit."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, rules
from accounts.administration.fetching import administered_unit, administrators_only
from accounts.forms import ClosingForm, MergerForm, UnitForm
from accounts.models import Act, Organisation
from accounts.queries import tree_lines, with_people_in_office
from accounts.requests import SignedInRequest
from realtime.refusals import Refusal
from realtime.transactions import one_transaction

ACTS_SHOWN = 15


@require_GET
@administrators_only
def units(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    found = with_people_in_office(rules.administered_by(request.user), today).select_related("level", "merged_into")
    context = {"lines": tree_lines(found), "today": today, "is_system_admin": rules.is_system_admin(request.user)}
    return render(request, "accounts/units.html", context)


@require_GET
@administrators_only
def unit(request: SignedInRequest, unit_id: int) -> HttpResponse:
    return render(request, "accounts/unit.html", page_of(request, administered_unit(request, unit_id)))


def page_of(request: SignedInRequest, unit: Organisation, **instead: Any) -> dict[str, Any]:
    """What the page of a unit shows; a form that was refused takes the place of an empty one."""
    today = timezone.localdate()
    offices = list(unit.memberships.select_related("person", "position"))
    in_office = [one for one in offices if one.valid_until is None or one.valid_until >= today]
    past = [one for one in offices if one not in in_office]
    below = with_people_in_office(Organisation.objects.filter(parent=unit), today).select_related("level")
    return {
        "organisation": unit,
        "today": today,
        "in_office": in_office,
        "past": sorted(past, key=lambda one: one.valid_until or today, reverse=True),
        "below": [line.organisation for line in tree_lines(below)],
        "roles": unit.roles.select_related("person").order_by("role", "person__folded_name"),
        "granted": rules.roles_granted_by(request.user),
        "acts": acts_of(unit),
        "merged_from": unit.merged_from.all(),
        "parent_is_mine": unit.parent is not None and rules.may_administer(request.user, unit.parent),
        "may_place": rules.may_place(request.user, unit),
        "closing_form": ClosingForm(prefix="closing", initial={"on": today}),
        "merger_form": MergerForm(prefix="merger", by=request.user, organisation=unit, initial={"on": today}),
        **instead,
    }


def acts_of(unit: Organisation) -> list[Act]:
    chain = Act.objects.filter(chain=f"organisation:{unit.pk}").select_related("by")
    return list(chain.order_by("-number")[:ACTS_SHOWN])


@require_http_methods(["GET", "POST"])
@administrators_only
def new_unit(request: SignedInRequest) -> HttpResponse:
    form = UnitForm(request.POST or None, by=request.user, initial={"parent": request.GET.get("parent", "")})
    if not form.is_valid():
        return render(request, "accounts/new_unit.html", {"form": form}, status=422 if form.is_bound else 200)
    made = actions.create_organisation(by=request.user, **form.cleaned_data)
    messages.success(request, _("The unit is entered. Next: who holds office in it."))
    return redirect("accounts:unit", made.pk)


@require_http_methods(["GET", "POST"])
@administrators_only
def unit_details(request: SignedInRequest, unit_id: int) -> HttpResponse:
    """Name, kind, level and place in the tree."""
    unit = administered_unit(request, unit_id)
    # The form writes into its instance: a copy of its own, so that the page still says what holds.
    form = UnitForm(request.POST or None, by=request.user, instance=Organisation.objects.get(pk=unit.pk))
    if not form.is_valid():
        context = {"form": form, "organisation": unit}
        return render(request, "accounts/unit_details.html", context, status=422 if form.is_bound else 200)
    changes = dict(form.cleaned_data)
    with one_transaction():
        if "parent" in changes:
            actions.move_organisation(unit, by=request.user, to=changes.pop("parent"))
        actions.change_organisation(unit, by=request.user, **changes)
    messages.success(request, _("The changes are saved."))
    return redirect("accounts:unit", unit.pk)


def say_beside(form: forms.Form, refusal: Refusal) -> None:
    """Put the sentence into the form; what is never allowed has no form on the page and is answered by itself."""
    if refusal.code == "forbidden":
        raise refusal
    form.add_error(None, str(refusal))


@require_POST
@administrators_only
def unit_closing(request: SignedInRequest, unit_id: int) -> HttpResponse:
    unit = administered_unit(request, unit_id)
    form = ClosingForm(request.POST, prefix="closing")
    if form.is_valid():
        try:
            actions.close_organisation(unit, by=request.user, on=form.cleaned_data["on"])
        except Refusal as refusal:
            say_beside(form, refusal)
    if form.errors:
        return render(request, "accounts/unit.html", page_of(request, unit, closing_form=form), status=422)
    messages.success(request, _("The unit is closed from that day on. Its history stays."))
    return redirect("accounts:unit", unit.pk)


@require_POST
@administrators_only
def unit_merger(request: SignedInRequest, unit_id: int) -> HttpResponse:
    unit = administered_unit(request, unit_id)
    form = MergerForm(request.POST, prefix="merger", by=request.user, organisation=unit)
    if form.is_valid():
        try:
            actions.merge_organisation(unit, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            say_beside(form, refusal)
    if form.errors:
        return render(request, "accounts/unit.html", page_of(request, unit, merger_form=form), status=422)
    messages.success(request, _("The units are merged from that day on. The history of both stays."))
    return redirect("accounts:unit", unit.pk)


@require_POST
@administrators_only
def unit_reopening(request: SignedInRequest, unit_id: int) -> HttpResponse:
    unit = administered_unit(request, unit_id)
    actions.reopen_organisation(unit, by=request.user)
    messages.success(request, _("The unit is open again. Enter who holds office in it."))
    return redirect("accounts:unit", unit.pk)
