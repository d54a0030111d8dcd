"""The wall's own page, without a login, and its pairing at the meeting's page."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Device
from accounts.principals import DEVICE_IN_SESSION, device_of
from accounts.requests import SignedInRequest
from meetings import walls
from meetings.forms import PairingForm
from meetings.models import Meeting
from meetings.room_page import regions
from meetings.views.fetching import run_meeting
from realtime.refusals import Refusal

AWAITS_PUBLICATION = "awaits-publication"
LASTS_LONGER_THAN_A_SESSION_S = 30 * 24 * 3600  # a wall computer stays introduced for a month


@login_not_required
@require_http_methods(["GET", "POST"])
def own_wall(request: HttpRequest) -> HttpResponse:
    """The page that stays open on the wall's computer: introduce it, its code, then the meeting, all by itself."""
    device = device_of(request)
    if request.method == "POST":
        device = device or new_wall(request)
        if request.user.is_authenticated:  # who hangs the wall up must not stay logged in on it for a month
            get_adapter(request).logout(request)
        request.session[DEVICE_IN_SESSION] = str(device.pk)
        request.session.set_expiry(LASTS_LONGER_THAN_A_SESSION_S)
        return redirect("meetings:own_wall")
    meeting = walls.meeting_on(device) if device else None
    if meeting is None:
        return render(request, "meetings/own_wall.html", {"device": device and with_code(device)})
    if meeting.state == Meeting.State.DRAFT:
        return render(request, "meetings/own_wall.html", {"device": device, "awaits": AWAITS_PUBLICATION})
    places = regions(meeting, "wall", request, person=None)
    context = {"meeting": meeting, "audience": "wall", "places": places, "device": device}
    return render(request, "meetings/wall.html", context)


def new_wall(request: HttpRequest) -> Device:
    """Anybody may hang up a wall, but not a thousand: codes that wait are few, and each of them could be guessed."""
    if not ratelimit.consume(request, action="introduce_wall"):
        raise Refusal("too_many", _("Too many walls were introduced from here. Wait a minute, then try again."))
    return walls.introduce_wall()


def with_code(device: Device) -> Device:
    """A code that is still good, new where the old one has run out."""
    if device.pairing_code and device.pairing_until and device.pairing_until > timezone.now():
        return device
    return walls.show_code(device)


@login_not_required
@require_GET
def wall_state(request: HttpRequest) -> HttpResponse:
    """Asked by the wall now and then: load the page again when it shows something else than it should."""
    device = device_of(request)
    meeting = walls.meeting_on(device) if device else None
    should_show = shown_for(meeting) if meeting else device.pairing_code if device else ""
    answer = HttpResponse(status=204)
    if request.GET.get("shown", "") != should_show or (device and not meeting and code_ran_out(device)):
        answer["HX-Refresh"] = "true"
    return answer


def shown_for(meeting: Meeting) -> str:
    return AWAITS_PUBLICATION if meeting.state == Meeting.State.DRAFT else str(meeting.pk)


def code_ran_out(device: Device) -> bool:
    return device.pairing_until is None or device.pairing_until <= timezone.now()


@require_POST
def pairings(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The secretary types the code that the wall shows."""
    meeting = run_meeting(request, key)
    form = PairingForm(request.POST)
    if form.is_valid():
        walls.pair_wall(meeting, code=form.cleaned_data["code"], by=request.user)
        messages.success(request, _("The wall shows this meeting now."))
    else:
        messages.error(request, " ".join(str(sentence) for sentence in form.errors["code"]))
    return redirect("meetings:meeting", meeting.pk)


@require_POST
def parting(request: SignedInRequest, key: UUID, device_id: UUID) -> HttpResponse:
    meeting = run_meeting(request, key)
    device = get_object_or_404(Device, pk=device_id, scope=f"meeting:{meeting.pk}")
    walls.part_wall(meeting, device, by=request.user)
    messages.success(request, _("The wall no longer shows this meeting."))
    return redirect("meetings:meeting", meeting.pk)
