"""Pages and files over ASGI, with as few turns of the event loop as can be.

Django's own handler went into a thread and back nine times for a request, with these middlewares and the one of the
static files; each time it waits for its turn, long while a hall votes (docs/decisions/13). Here it is twice.
"""

from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from servestatic.asgi import FileServerASGI
from servestatic.middleware import ServeStaticMiddleware
from servestatic.utils import run_async_in_thread


class PageHandler(ASGIHandler):
    """Answers a request in one thread, from the first middleware to the last."""

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)


class StaticFiles(ServeStaticMiddleware):
    """The static files, before Django: found as its middleware would, by the same settings."""

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:  # type: ignore[override]
        path = scope["path"]
        file = await run_async_in_thread(self.find_file, path) if self.autorefresh else self.files.get(path)
        if file is not None:
            await FileServerASGI(file)(scope, receive, send)  # type: ignore[arg-type]
        else:
            await self.get_response(scope, receive, send)  # type: ignore[call-arg, misc]
