"""The guide: all roles on one page, the own one first and open."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Person
from accounts.requests import SignedInRequest
from meetings.guides import GUIDES, guide_for


@require_GET
def guide(request: SignedInRequest) -> HttpResponse:
    own = guide_for(request.user)
    others = [one for one in GUIDES if one is not own]
    return render(request, "meetings/guide.html", {"own": own, "others": others})


@require_POST
def guide_putting_away(request: SignedInRequest) -> HttpResponse:
    """The card leaves the first page for good; the guide stays in the head."""
    Person.objects.filter(pk=request.user.pk).update(has_put_guide_away=True)
    return redirect("meetings:home")
