"""What every page knows about the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token

from accounts.models import Person


def installation(request: HttpRequest) -> dict[str, Any]:
    get_token(request)  # sets its cookie: scripts and streamed panels, which hold no token, take it from there
    return {
        "build": settings.VERSION,
        "demo": settings.DEMO,
        "theme": theme_of(request),
        "text_size": request.COOKIES.get("text_size", "") if request.COOKIES.get("text_size") in {"2", "3"} else "1",
    }


def theme_of(request: HttpRequest) -> str:
    """Light, dark or auto: what the person chose, wherever it was; without a person what was chosen on this device."""
    user = getattr(request, "user", None)
    chosen = user.theme if user is not None and user.is_authenticated else request.COOKIES.get("theme", "")
    return chosen if chosen in Person.Theme.values else Person.Theme.AUTO
