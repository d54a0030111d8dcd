"""What every page knows about the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token


def installation(request: HttpRequest) -> dict[str, Any]:
    get_token(request)  # sets its cookie: scripts and streamed panels, which hold no token, take it from there
    return {
        "version": settings.VERSION,
        "demo": settings.DEMO,
        "text_size": request.COOKIES.get("text_size", "") if request.COOKIES.get("text_size") in {"2", "3"} else "1",
    }
