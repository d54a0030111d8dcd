"""Files that come in pieces: begun, gone on with where the line was cut, and taken in like any other when complete.

The file on the disk holds what came, the row how much of it was acknowledged; what is true is the smaller of both. A
server that is killed between the two leaves bytes nobody acknowledged: they are cut off and sent again. The last byte
is acknowledged in the transaction that takes the paper in. So a paper is never added twice, and to have a file looked
at again (the server was killed, or had no time for it) costs one byte.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Sum
from django.utils import timezone

from accounts.models import Person
from documents import actions, part_files
from documents.models import Document, DocumentVersion, Upload
from documents.part_files import Body, Held, Part, WholeFile
from documents.refusals import file_refusal
from meetings.models import AgendaItem, Meeting
from realtime.refusals import Refusal
from realtime.transactions import one_transaction

KEPT_FOR = timedelta(hours=24)  # after the last byte that came
LOOKED_AT_ONCE = 100
CHECKSUMS: dict[str, Callable[[], Any]] = {
    "sha256": hashlib.sha256,
    "sha1": partial(hashlib.sha1, usedforsecurity=False),
}
BUSY = "busy"  # the one refusal that says nothing about the file


class WrongOffset(Exception):
    """The piece does not begin where the last one ended."""


class WrongChecksum(Exception):
    """The piece arrived as something else than was sent."""


@dataclass(frozen=True)
class Checksum:
    """What a piece must add up to."""

    algorithm: str
    expected: bytes
    found: Any = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "found", CHECKSUMS[self.algorithm]())

    @property
    def holds(self) -> bool:
        return bool(self.found.digest() == self.expected)


# -- Beginning ---------------------------------------------------------------------------------------------------------


def begin_upload(
    meeting: Meeting,
    *,
    by: Person,
    size_bytes: int,
    file_name: str,
    declared_grade: str,
    item: AgendaItem | None = None,
    document: Document | None = None,
    metadata: str = "",
) -> Upload:
    """Open a place for a file, or refuse it before a byte of it has travelled."""
    actions.refuse_graded(declared_grade)
    actions.refuse_unless_open_to_papers(meeting, by)
    if size_bytes == 0:
        raise file_refusal("empty")
    if size_bytes > settings.UPLOAD_LIMIT_BYTES:
        raise file_refusal("too_large")
    with one_transaction():
        Person.objects.select_for_update(no_key=True).get(pk=by.pk)  # who begins two at once is counted twice
        refuse_beyond_quota(by, size_bytes)
        return Upload.objects.create(
            by=by,
            meeting=meeting,
            item=item,
            document=document,
            file_name=file_name,
            metadata=metadata,
            size_bytes=size_bytes,
            expires_at=timezone.now() + KEPT_FOR,
        )


def refuse_beyond_quota(by: Person, size_bytes: int) -> None:
    unfinished = Upload.objects.filter(version=None, refusal="", expires_at__gt=timezone.now())
    own = unfinished.filter(by=by)
    if own.count() >= settings.UNFINISHED_UPLOADS:
        raise file_refusal("too_many_uploads")
    if total(own, F("size_bytes")) + size_bytes > settings.UNFINISHED_UPLOAD_BYTES:
        raise file_refusal("too_many_uploads")
    # A complete file lies there twice for a moment: as it came, and where it is kept.
    promised = total(unfinished, F("size_bytes") - F("offset")) + 2 * size_bytes
    if part_files.free_bytes() - promised < settings.UPLOADS_KEEP_FREE_BYTES:
        raise file_refusal("no_room")


def total(uploads: Any, what: Any) -> int:
    return uploads.aggregate(total=Sum(what))["total"] or 0


# -- Going on ----------------------------------------------------------------------------------------------------------


def acknowledged(upload: Upload) -> int:
    """How much of the file is here for certain."""
    if upload.version_id is not None:
        return upload.size_bytes
    return min(upload.offset, part_files.size_of(upload.pk))


def receive(upload: Upload, body: Body, *, offset: int, checksum: Checksum | None = None) -> Upload:
    """Write the next piece, and take the file in when it is the last. Returns the upload as it is afterwards.

    Raises Held, WrongOffset, WrongChecksum, TooLong, NoRoom, or Refusal when the file cannot become a paper; whatever
    it raises, of this piece nothing is left.
    """
    with part_files.held(upload.pk) as part:
        try:
            upload.refresh_from_db(fields=["offset", "version", "refusal", "refusal_text"])
        except Upload.DoesNotExist:
            part.forget()
            raise
        if upload.is_over:
            part.forget()
            return repeated(upload, offset)
        begin = acknowledged(upload)
        if offset != begin:
            raise WrongOffset
        refuse_for_good(upload, part, lambda: actions.refuse_unless_open_to_papers(upload.meeting, upload.by))
        end = begin + write(upload, part, body, begin, checksum)
        if end < upload.size_bytes:
            acknowledge(upload, end)
        else:
            acknowledge(upload, end - 1)
            refuse_for_good(upload, part, lambda: take_in(upload, part))
            part.forget()
    return upload


def repeated(upload: Upload, offset: int) -> Upload:
    """The answer was lost, so it is asked for again: what became of the file does not change any more."""
    if upload.refusal:
        raise Refusal(upload.refusal, upload.refusal_text)
    if offset != upload.size_bytes:
        raise WrongOffset
    return upload


def write(upload: Upload, part: Part, body: Body, begin: int, checksum: Checksum | None) -> int:
    part.cut_to(begin)
    try:
        taster = checksum.found if checksum else None
        written = part.append(body, at_most=upload.size_bytes - begin, taster=taster)
        if checksum is not None and not checksum.holds:
            raise WrongChecksum
        part.settle()
    except Exception:  # whatever it was, the piece is not there, and who sends it is told
        part.cut_to(begin)
        raise
    return written


def acknowledge(upload: Upload, offset: int) -> None:
    upload.offset, upload.expires_at = offset, timezone.now() + KEPT_FOR
    Upload.objects.filter(pk=upload.pk, version=None).update(offset=offset, expires_at=upload.expires_at)


def take_in(upload: Upload, part: Part) -> None:
    """Hand the file to the action that every file goes through; it asks for the rights once more."""
    with WholeFile(part.path, upload.file_name) as file:
        given: dict[str, Any] = {
            "by": upload.by,
            "file": file,
            "declared_grade": actions.NO_GRADE,  # else it would not have begun
            "and_then": partial(became, upload),
        }
        if upload.document is not None:
            actions.replace_paper(upload.document, **given)
        else:
            actions.add_paper(upload.meeting, item=upload.item, **given)


def became(upload: Upload, version: DocumentVersion) -> None:
    """Note what the file became; if it became something already, nothing of this happens."""
    unfinished = Upload.objects.filter(pk=upload.pk, version=None, refusal="")
    if not unfinished.update(version=version, offset=F("size_bytes")):
        raise WrongOffset
    upload.version, upload.offset = version, upload.size_bytes


def refuse_for_good(upload: Upload, part: Part, act: Callable[[], object]) -> None:
    """Do it; a refusal is remembered and the bytes are deleted, unless asking again later may help."""
    try:
        act()
    except Refusal as refusal:
        if refusal.code != BUSY:
            Upload.objects.filter(pk=upload.pk, version=None).update(refusal=refusal.code, refusal_text=str(refusal))
            part.forget()
        raise


# -- Ending ------------------------------------------------------------------------------------------------------------


def abandon_upload(upload: Upload) -> None:
    """Delete what came of a file; a paper that it became stays. Raises Held while a piece is being written."""
    with part_files.held(upload.pk) as part:
        Upload.objects.filter(pk=upload.pk).delete()
        part.forget()


def forget_expired_uploads() -> None:
    """Delete files nobody goes on with, and the memory of those that ended. Every server asks each second."""
    expired = Upload.objects.filter(expires_at__lte=timezone.now()).order_by("expires_at")
    for key in list(expired.values_list("pk", flat=True)[:LOOKED_AT_ONCE]):
        forget_expired(key)
    # Files without a row: of a deleted meeting, or of a row that another server with a folder of its own has deleted.
    for path in part_files.left_alone_for(KEPT_FOR.total_seconds() * 2)[:LOOKED_AT_ONCE]:
        path.unlink(missing_ok=True)


def forget_expired(key: UUID) -> None:
    try:
        with part_files.held(key) as part:
            Upload.objects.filter(pk=key, expires_at__lte=timezone.now()).delete()
            if not Upload.objects.filter(pk=key).exists():
                part.forget()
    except Held:
        return
