"""One application for pages and sockets."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - Django must be set up first
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.urls import path  # noqa: E402

from config.handler import PageHandler, StaticFiles  # noqa: E402
from realtime.socket import socket  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": StaticFiles(PageHandler()),
        # Django's types know views, not the ASGI applications that Channels routes to.
        "websocket": AllowedHostsOriginValidator(URLRouter([path("socket/", socket)])),  # type: ignore[arg-type]
    }
)
