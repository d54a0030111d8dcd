"""Papers that are taken out of the system: made for one person, with name and moment on every page, and counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import FileIO

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.acts import record
from accounts.models import Membership, Person
from documents.children import COPY_LIMITS, ChildRefused, child_for, local_copy
from documents.models import Copy, Document, DocumentVersion, Page
from documents.rules import is_in_force, may_read
from realtime.refusals import Refusal
from realtime.transactions import one_transaction

WAIT_SECONDS = 8
BUSY_SECONDS = 10  # after which asking again is worth it
BUSY = Refusal(
    "busy", gettext_lazy("The server is making other papers at the moment. Nothing was counted; try again in a moment.")
)


def make_copy(document: Document, *, by: Person, kind: str, count: int = 1) -> tuple[Copy, FileIO]:
    """Draw a copy of the version in force, then record and count it; the open file is gone when it is closed.

    Raises Refusal, or Busy where no child came free. What was refused is not counted.
    """
    refuse_unless_copied(document, by)
    version = version_to_copy(document)
    at = timezone.now()
    file = drawn(version, lines_for(by, document, at))
    try:
        copy = counted(document, version, by=by, kind=kind, count=count, at=at)
    except BaseException:
        file.close()
        raise
    return copy, file


def version_to_copy(document: Document) -> DocumentVersion:
    """The version in force, once all its pages were drawn here: what no child could draw goes to nobody's printer."""
    version = document.newest()
    if version is None or version.state != DocumentVersion.State.READY:
        raise Refusal("not_ready", _("The pages of this paper are not there yet. Try again later."))
    if version.pages.filter(raster=Page.Raster.FAILED).exists():
        raise not_copied()
    return version


def counted(document: Document, version: DocumentVersion, *, by: Person, kind: str, count: int, at: datetime) -> Copy:
    """Write down what is given out, unless the paper changed while its copy was drawn."""
    with one_transaction():
        rows = Document.objects.select_for_update(no_key=True, of=("self",)).select_related("meeting", "item")
        document = rows.get(pk=document.pk)
        if not may_read(by, document):
            raise Refusal("forbidden", _("You may no longer read this paper."))
        refuse_unless_copied(document, by)
        if document.newest() != version:
            raise Refusal("replaced", _("The paper was replaced by a new version at this moment. Ask for it again."))
        printed = version.page_count * count if kind == Copy.Kind.PRINT else 0
        copy = Copy.objects.create(version=version, person=by, kind=kind, count=count, pages_printed=printed, at=at)
        act = "paper_printed" if kind == Copy.Kind.PRINT else "paper_downloaded"
        facts = {"version": version.number, "sha256": version.sha256, "copies": count, "pages_printed": printed}
        record(document.meeting.chain, act, by=by, about=document.about, facts=facts)
    return copy


def refuse_unless_copied(document: Document, person: Person) -> None:
    """Say why a paper that this person may read is not given out. See `rules.may_copy`."""
    if not is_in_force(document) or document.is_handed_out:
        raise Refusal("forbidden", _("This paper is not in force; only papers in force are downloaded or printed."))
    if not document.may_be_copied:
        words = _(
            "This paper is read here only: the secretary has not allowed copies of it. "
            "Ask the secretary if you need one."
        )
        raise Refusal("forbidden", words)


def drawn(version: DocumentVersion, lines: list[str]) -> FileIO:
    """The file, open, with no name any more: whoever closes it, or dies, leaves nothing behind."""
    with (
        local_copy(version.file) as path,
        child_for(path, in_background=True, wait_seconds=WAIT_SECONDS, limits=COPY_LIMITS) as child,
    ):
        try:
            return FileIO(child.copy(lines))
        except ChildRefused as refused:
            raise not_copied() from refused


def not_copied() -> Refusal:
    text = _("No copy can be made of this paper: its file is damaged or too large. Tell the secretary.")
    return Refusal("not_copied", text)


def lines_for(person: Person, document: Document, at: datetime | None = None) -> list[str]:
    """What stands on every page: the name, and below it unit and moment."""
    moment = f"{timezone.localtime(at):%H:%M %d/%m/%Y}"
    unit = unit_of(person, document)
    return [person.full_name, f"{unit} · {moment}" if unit else moment]


def unit_of(person: Person, document: Document) -> str:
    """The unit for which the person takes part, else that of the office held today."""
    participant = document.meeting.participants.filter(person=person).select_related("organisation").first()
    if participant is not None and participant.organisation is not None:
        return participant.organisation.short_name
    held = Membership.objects.on(timezone.localdate()).filter(person=person).select_related("organisation")
    first = held.order_by("position__rank", "pk").first()
    return first.organisation.short_name if first is not None else ""


def pages_printed(documents: Iterable[Document]) -> int:
    """How many pages of these papers were put on paper: pages times copies of every print that was asked for."""
    found = Copy.objects.filter(version__document__in=list(documents)).aggregate(pages=Sum("pages_printed"))
    return found["pages"] or 0
