from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from realtime import frames, tickets
from realtime.frames import Bye
from realtime.principals import fingerprint, principal_of
from realtime.sync import answered


@login_not_required
@never_cache
@require_POST
def ticket(request: HttpRequest) -> JsonResponse:
    """Hand out a ticket to whoever the session names."""
    principal = principal_of(request)
    rights = tickets.rights_head()
    session_key = request.session.session_key
    # Asked after reading `rights`: a session that ends from now on is heard of by whoever reads the ticket.
    if principal is None or session_key is None or not request.session.exists(session_key):
        return JsonResponse({"code": "logged_out"}, status=401)
    frame = tickets.issue(replace(principal, session=fingerprint(session_key)), rights).frame()
    return JsonResponse({"ticket": frame["ticket"], "expires": frame["expires"]})


# The ticket in the body is what counts, not a cookie: nothing to forge. The origin is looked at all the same.
@csrf_exempt
@login_not_required
@never_cache
@require_POST
def sync(request: HttpRequest) -> JsonResponse:
    """Take and return the frames of the socket."""
    if not comes_from_own_page(request):
        return JsonResponse({"code": "foreign_origin"}, status=403)
    if len(request.body) > frames.FRAME_BYTES_MOST:
        return JsonResponse({"code": "too_large"}, status=413)
    try:
        told = frames.parsed(request.body)
    except Bye:
        return JsonResponse({"code": "invalid"}, status=400)
    return JsonResponse({"frames": answered(told.get("frames") if isinstance(told, dict) else None)})


def comes_from_own_page(request: HttpRequest) -> bool:
    """Say whether a page of this installation sent this. Browsers name the origin of every POST; we do not guess."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site") == "same-origin"
    try:
        return urlsplit(origin).netloc == request.get_host() or origin in settings.CSRF_TRUSTED_ORIGINS
    except ValueError:  # it is no origin at all
        return False
