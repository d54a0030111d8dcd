"""Stops a file that is too large while it travels, instead of after it filled the disk."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django_htmx.middleware import HtmxDetails

from accounts.requests import SignedInRequest

View = Callable[..., HttpResponse]


class UploadRequest(SignedInRequest):
    """A request whose files were counted while they came in."""

    htmx: HtmxDetails
    too_large: list[str]


class LimitedUpload(FileUploadHandler):
    """Counts the bytes of each file; one over the limit is dropped and its name kept in `request.too_large`."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.left = settings.UPLOAD_LIMIT_BYTES

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.left -= len(raw_data)
        if self.left < 0:
            self.request.too_large.append(self.file_name)  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def limited_upload(fetch: Callable[[Any, UUID], Any]) -> Callable[[View], View]:
    """Ask first whether this person may bring anything in here, then count what comes.

    The CSRF check reads the body: it must come after both, or anybody who is logged in could fill the disk.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def counted(request: UploadRequest, key: UUID) -> HttpResponse:
            fetch(request, key)
            request.too_large = []
            request.upload_handlers.insert(0, LimitedUpload(request))
            return csrf_protect(view)(request, key)

        return counted

    return decorate
