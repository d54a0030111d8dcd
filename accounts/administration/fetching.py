"""Everything is fetched through the administrator: what is not in one's own part of the tree is not there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from accounts import rules
from accounts.models import Membership, Organisation, OrganisationRole, Person
from accounts.requests import SignedInRequest

View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """For whoever administers nothing there are no pages of administration."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.administers_something(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def administered_unit(request: SignedInRequest, unit_id: int) -> Organisation:
    units = rules.administered_by(request.user).select_related("level", "parent", "merged_into")
    return get_object_or_404(units, pk=unit_id)


def administered_person(request: SignedInRequest, person_id: int) -> Person:
    return get_object_or_404(rules.people_administered_by(request.user), pk=person_id)


def administered_office(request: SignedInRequest, membership_id: int) -> Membership:
    units = rules.administered_by(request.user).values("pk")
    offices = Membership.objects.filter(organisation__in=units).select_related("organisation", "person", "position")
    return get_object_or_404(offices, pk=membership_id)


def administered_role(request: SignedInRequest, role_id: int) -> OrganisationRole:
    units = rules.administered_by(request.user).values("pk")
    return get_object_or_404(OrganisationRole.objects.filter(organisation__in=units), pk=role_id)
