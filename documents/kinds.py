"""What may be a paper beside PDF, and how it becomes one: pictures always, office files where LibreOffice is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from documents.children import CONVERTING, OFFICE_LIMITS, PICTURE_LIMITS, ChildRefused, child_for
from documents.refusals import PAGE_LIMIT

PICTURES = ("png", "jpeg", "tiff")
PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
OFFICE_ENDINGS = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".doc", ".xls", ".ppt")


def takes_office_files() -> bool:
    return bool(settings.SOFFICE)


def endings_taken() -> tuple[str, ...]:
    """What to offer where a person chooses files. What a file is, is decided by its content, not by its name."""
    return (".pdf", *PICTURE_ENDINGS, *(OFFICE_ENDINGS if takes_office_files() else ()))


def taken_in_words() -> str:
    if takes_office_files():
        return _("PDF, Word, Excel, PowerPoint, OpenDocument, and pictures (PNG, JPEG, TIFF).")
    return _("PDF and pictures (PNG, JPEG, TIFF). Save Word, Excel and PowerPoint files as PDF first.")


def may_be_taken(kind: str) -> str:
    if kind not in PICTURES and not takes_office_files():
        raise ChildRefused("no_office")
    return kind


@contextmanager
def made_of(path: Path, kind: str) -> Iterator[Path]:
    """Give the path of a PDF made of the file, gone afterwards. Raises ChildRefused. Takes seconds: work for a job."""
    limits = PICTURE_LIMITS if kind in PICTURES else OFFICE_LIMITS
    with child_for(path, in_background=True, program=CONVERTING, limits=limits) as child:
        if may_be_taken(child.kind()) in PICTURES:
            yield child.picture(page_limit=PAGE_LIMIT)
        else:
            yield child.office(settings.SOFFICE, hidden=[str(settings.DATA_DIR), str(settings.MEDIA_ROOT)])
