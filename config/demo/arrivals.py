"""Log in with one press as one of the roles of the demo. These views exist in demo mode only, and refuse otherwise."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.models import Device, Person
from accounts.principals import DEVICE_IN_SESSION
from config.demo.people import SEATS, WALL
from config.demo.series import THEMATIC
from meetings import walls
from meetings.models import Meeting

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_not_required
@require_POST
def arrival(request: HttpRequest, seat: str) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    if seat == WALL.key:
        return hang_up_wall(request)
    if seat not in {known.key for known in SEATS}:
        raise Http404
    person = get_object_or_404(Person, username=seat, is_active=True)
    login(request, person, backend=BACKEND)
    return redirect(wanted_page(request))


def wanted_page(request: HttpRequest) -> str:
    page = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return page
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def hang_up_wall(request: HttpRequest) -> HttpResponse:
    """Pair this browser as a wall with the session of today, as the secretary would with its code."""
    meeting = (
        Meeting.objects.filter(series__name=THEMATIC.name)
        .exclude(state=Meeting.State.DRAFT)
        .order_by("starts_at")
        .last()
    )
    device = walls.introduce_wall()
    if meeting is not None:
        secretary = Person.objects.get(username="thu-ky")
        walls.pair_wall(meeting, code=device.pairing_code, by=secretary)
        Device.objects.filter(pk=device.pk).update(name=WALL.vi)
    logout(request)  # a wall has nobody's rights: whoever was logged in under this host is not any more
    request.session[DEVICE_IN_SESSION] = str(device.pk)
    return redirect("meetings:own_wall")
