"""Uploads that go on where the line was cut: tus 1.0 (https://tus.io/protocols/resumable-upload), as its documents
name things. Our pages speak it, and so may any other client that has a session and sends the CSRF token with it.
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from functools import wraps
from typing import Any, Never
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import http_date
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest, for_scripts
from documents import part_files, resuming
from documents.fetching import prepared_meeting
from documents.forms import UploadForm
from documents.models import Upload
from documents.refusals import file_refusal
from documents.resuming import CHECKSUMS, Checksum
from meetings.models import Meeting
from realtime.refusals import Refusal

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,checksum,termination"
PIECE = "application/offset+octet-stream"
LONGEST_METADATA = 4096
WHOLE_NUMBER = re.compile(r"\d{1,15}")
METADATA_KEY = re.compile(r"[!-+\--~]+")
CHECKSUM_FAILED = 460  # a number of tus's own
RETRY_AFTER_SECONDS = "2"

View = Callable[[Any, Any], HttpResponse]


class Malformed(Exception):
    """The message does not follow the protocol."""


class NotAllowed(Exception):
    """This address does not know the method."""


# -- The two addresses -------------------------------------------------------------------------------------------------


def spoken(fetch: Callable[[Any, UUID], Any]) -> Callable[[View], Callable[[Any, UUID], HttpResponse]]:
    """Fetch through the person first, then look at the protocol; answer everything in its words."""

    def decorate(view: View) -> Callable[[Any, UUID], HttpResponse]:
        @for_scripts
        @wraps(view)
        def answered(request: SignedInRequest, key: UUID) -> HttpResponse:
            try:
                answer = understood(request, view, fetch(request, key))
            except Exception as error:
                answer = answer_to(error)
            answer["Tus-Resumable"] = VERSION
            answer["Cache-Control"] = "no-store"
            return answer

        return answered

    return decorate


def understood(request: SignedInRequest, view: View, thing: Any) -> HttpResponse:
    if method_of(request) == "OPTIONS":
        return capabilities()
    if request.headers.get("Tus-Resumable") != VERSION:
        return HttpResponse(status=412, headers={"Tus-Version": VERSION})
    return view(request, thing)


def method_of(request: SignedInRequest) -> str:
    """The method, or the one a client behind an old proxy means. Only a POST may say so: it has shown its token."""
    meant = request.headers.get("X-HTTP-Method-Override", "") if request.method == "POST" else ""
    return meant.upper() or request.method or ""


def capabilities() -> HttpResponse:
    return HttpResponse(
        status=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(settings.UPLOAD_LIMIT_BYTES),
            "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
        },
    )


def own_upload(request: SignedInRequest, key: UUID) -> Upload:
    """An upload is there for who began it and for nobody else."""
    related = ("meeting__organisation", "item", "document__meeting__organisation", "by")
    return get_object_or_404(Upload.objects.select_related(*related), pk=key, by=request.user)


@spoken(prepared_meeting)
def uploads(request: SignedInRequest, meeting: Meeting) -> HttpResponse:
    """Where files for a meeting are begun: POST says how long and what for."""
    if method_of(request) != "POST":
        raise NotAllowed
    length, words = length_of(request), request.headers.get("Upload-Metadata", "")
    form = UploadForm(metadata_in(words), meeting=meeting)
    if not form.is_valid():
        refuse_metadata(form)
    place = {name: form.cleaned_data[name] for name in ("item", "document", "declared_grade")}
    upload = resuming.begin_upload(
        meeting,
        by=request.user,
        size_bytes=length,
        file_name=form.cleaned_data["filename"],
        metadata=words,
        **place,
    )
    if request.content_type == PIECE:
        receive_along(upload, request)
    answer = HttpResponse(status=201, headers=facts_of(upload))
    answer["Location"] = reverse("documents:upload", args=[upload.pk])
    return answer


def receive_along(upload: Upload, request: SignedInRequest) -> None:
    """Take the bytes that came with the first message. Who is refused them has no address to go on at."""
    try:
        resuming.receive(upload, request, offset=0, checksum=checksum_of(request))
    except Exception:
        resuming.abandon_upload(upload)
        raise


@spoken(own_upload)
def upload(request: SignedInRequest, upload: Upload) -> HttpResponse:
    """One file on its way: HEAD asks how far it is, PATCH sends the next piece, DELETE gives it up."""
    method = method_of(request)
    if method not in {"HEAD", "PATCH", "DELETE"}:
        raise NotAllowed
    if method == "DELETE":
        resuming.abandon_upload(upload)
        return HttpResponse(status=204)
    if upload.has_expired:
        return told(410, "expired", file_refusal("expired").text)
    if method == "HEAD":
        return how_far(upload)
    if request.content_type != PIECE:
        return HttpResponse(status=415)
    upload = resuming.receive(upload, request, offset=offset_of(request), checksum=checksum_of(request))
    return HttpResponse(status=204, headers=facts_of(upload))


def how_far(upload: Upload) -> HttpResponse:
    """A refused file is gone; an empty PATCH is told why."""
    if upload.refusal:
        return HttpResponse(status=410)
    headers = {**facts_of(upload), "Upload-Length": str(upload.size_bytes)}
    if upload.metadata:
        headers["Upload-Metadata"] = upload.metadata
    return HttpResponse(status=200, headers=headers)


def facts_of(upload: Upload) -> dict[str, str]:
    headers = {
        "Upload-Offset": str(resuming.acknowledged(upload)),
        "Upload-Expires": http_date(upload.expires_at.timestamp()),
    }
    if upload.version is not None:
        headers["Content-Location"] = reverse("documents:document", args=[upload.version.document_id])
    return headers


# -- What a message says -----------------------------------------------------------------------------------------------


def length_of(request: SignedInRequest) -> int:
    """The length must be known: with it a file that is too large, or has no room, is refused before it travels."""
    return whole_number(request.headers.get("Upload-Length", ""))


def offset_of(request: SignedInRequest) -> int:
    return whole_number(request.headers.get("Upload-Offset", ""))


def whole_number(text: str) -> int:
    if not WHOLE_NUMBER.fullmatch(text):
        raise Malformed
    return int(text)


def metadata_in(words: str) -> dict[str, str]:
    """Unpack "key base64,key base64": a key stands there once, a value may be missing."""
    if len(words) > LONGEST_METADATA:
        raise Malformed
    found: dict[str, str] = {}
    for pair in filter(None, words.split(",")):
        key, _space, value = pair.strip().partition(" ")
        if key in found or not METADATA_KEY.fullmatch(key):
            raise Malformed
        found[key] = unpacked(value).decode("utf-8", "strict") if value else ""
    return found


def unpacked(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except NotBase64 as error:
        raise Malformed from error


def checksum_of(request: SignedInRequest) -> Checksum | None:
    words = request.headers.get("Upload-Checksum", "")
    if not words:
        return None
    algorithm, _space, expected = words.partition(" ")
    if algorithm not in CHECKSUMS:
        raise Malformed
    return Checksum(algorithm, unpacked(expected))


def refuse_metadata(form: UploadForm) -> Never:
    if "declared_grade" in form.errors:
        raise file_refusal("no_grade")
    raise file_refusal("no_place" if {"item", "document"} & set(form.errors) else "no_name")


# -- Answers -----------------------------------------------------------------------------------------------------------


def told(status: int, code: str, text: str | Promise) -> HttpResponse:
    """A status for programs, a sentence for people."""
    return JsonResponse({"code": code, "text": str(text)}, status=status)


def answer_to(error: Exception) -> HttpResponse:
    match error:
        case Refusal(code="busy"):
            answer = told(503, error.code, error.text)
            answer["Retry-After"] = RETRY_AFTER_SECONDS
            return answer
        case Refusal():
            status = {"forbidden": 403, "too_large": 413}.get(error.code, 422)
            return told(status, error.code, error.text)
        case part_files.NoRoom():
            return told(507, "no_room", file_refusal("no_room").text)
        case Http404() | Upload.DoesNotExist():
            return told(404, "gone", _("This upload is no longer here. Choose the file again."))
        case PermissionDenied():
            return told(403, "forbidden", _("Only those who prepare this meeting may do that."))
        case Malformed() | UnicodeDecodeError():
            return told(400, "malformed", _("This message does not follow the tus protocol."))
        case NotAllowed():
            return HttpResponse(status=405)
        case resuming.WrongOffset():
            return HttpResponse(status=409)
        case part_files.TooLong():
            return HttpResponse(status=413)
        case part_files.Held():
            return HttpResponse(status=423, headers={"Retry-After": RETRY_AFTER_SECONDS})
        case resuming.WrongChecksum():
            return HttpResponse(status=CHECKSUM_FAILED)
    raise error
