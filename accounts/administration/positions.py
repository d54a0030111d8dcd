"""The catalogue of positions: read by all administrators, kept by those of the system."""

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import actions, rules
from accounts.administration.fetching import administrators_only
from accounts.forms import PositionForm
from accounts.models import Position
from accounts.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
@administrators_only
def positions(request: SignedInRequest) -> HttpResponse:
    form = PositionForm(request.POST or None)
    if form.is_valid():
        actions.create_position(by=request.user, **form.cleaned_data)
        messages.success(request, _("The position is entered."))
        return redirect("accounts:positions")
    context = {
        "form": form,
        "positions": positions_with_people(),
        "is_system_admin": rules.is_system_admin(request.user),
    }
    return render(request, "accounts/positions.html", context, status=422 if form.is_bound else 200)


def positions_with_people() -> QuerySet[Position]:
    """All positions, each with `people_count`: how many people hold it today."""
    today = timezone.localdate()
    lasting = Q(membership__valid_until=None) | Q(membership__valid_until__gte=today)
    held = Q(membership__valid_from__lte=today) & lasting
    return Position.objects.annotate(people_count=Count("membership__person", filter=held, distinct=True))


@require_http_methods(["GET", "POST"])
@administrators_only
def position(request: SignedInRequest, position_id: int) -> HttpResponse:
    position = get_object_or_404(Position, pk=position_id)
    form = PositionForm(request.POST or None, instance=Position.objects.get(pk=position.pk))
    if not form.is_valid():
        context = {"form": form, "position": position}
        return render(request, "accounts/position.html", context, status=422 if form.is_bound else 200)
    actions.change_position(position, by=request.user, **form.cleaned_data)
    messages.success(request, _("The changes are saved."))
    return redirect("accounts:positions")
