"""Every view fetches through the person: what may not be seen is 404, what may not be done is 403."""

from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404

from accounts.requests import SignedInRequest
from meetings import rules
from meetings.models import Meeting
from realtime.refusals import Refusal


def visible_meeting(request: SignedInRequest, key: UUID) -> Meeting:
    meetings = Meeting.objects.visible_to(request.user)
    return get_object_or_404(meetings.select_related("organisation", "rule_set", "series", "current_item"), pk=key)


def prepared_meeting(request: SignedInRequest, key: UUID) -> Meeting:
    meeting = visible_meeting(request, key)
    if not rules.may_prepare(request.user, meeting):
        raise PermissionDenied
    return meeting


def posted(request: SignedInRequest) -> QueryDict | None:
    """What a form is bound to: an empty form that was sent is a form that was sent."""
    return request.POST if request.method == "POST" else None


def run_meeting(request: SignedInRequest, key: UUID) -> Meeting:
    meeting = visible_meeting(request, key)
    if not rules.may_run(request.user, meeting):
        raise PermissionDenied
    return meeting


def first_wrong(form: forms.Form) -> Refusal:
    """The first thing wrong with a form whose fields stand in a panel: what was typed stays there."""
    return Refusal("invalid", next(iter(form.errors.values()))[0])
