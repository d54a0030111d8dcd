"""Who has opened which paper, and what counts as read. The rule stands here and nowhere else."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import Person
from documents.events import own_papers_changed, progress_changed
from documents.models import Document, DocumentQuerySet, DocumentVersion, Opening
from meetings.models import Meeting, Participant
from realtime.transactions import one_transaction

# A paper counts as read when a fifth of its pages were on the screen for more than two seconds; the tablet tells which.
PAGES_PER_PAGE_SEEN = 5
State = Meeting.State
ALIVE = (State.PUBLISHED, State.IN_SESSION, State.PAUSED, State.ADJOURNED)


def note_opening(
    version: DocumentVersion,
    *,
    by: Person,
    pages: Iterable[int],
    last_page: int | None = None,
    last_page_at: datetime | None = None,
) -> Opening:
    """Put down that a person has the paper open, has seen these pages and was on that one at that moment. The same a
    second time changes no page, and what a tablet tells late does not lead back.
    """
    with one_transaction():
        _opening, is_first = Opening.objects.get_or_create(person=by, version=version)
        opening = Opening.objects.select_for_update(no_key=True).get(person=by, version=version)
        seen = int.from_bytes(opening.pages, "little")
        for page in pages:
            seen |= 1 << (page - 1)
        was_read = is_read(opening.pages_seen, version.page_count)
        opening.pages = seen.to_bytes((version.page_count + 7) // 8, "little")
        opening.pages_seen, opening.last_opened_at = seen.bit_count(), timezone.now()
        at = min(last_page_at or timezone.now(), timezone.now())
        if last_page and (opening.last_page_at is None or at >= opening.last_page_at):
            opening.last_page, opening.last_page_at = last_page, at
        opening.save(update_fields=["pages", "pages_seen", "last_page", "last_page_at", "last_opened_at"])
        if is_first and version.number > 1:
            own_papers_changed(version.document.meeting, by)
        # Tablets tell of pages every 15 seconds; that a paper becomes read happens once for each person.
        if is_read(opening.pages_seen, version.page_count) and not was_read:
            progress_changed(version.document.meeting)
    return opening


def last_place(version: DocumentVersion, person: Person) -> tuple[int, datetime | None]:
    """Return the page on which a person goes on reading, on whatever device, and when the person was there."""
    own = Opening.objects.filter(version=version, person=person)
    return own.values_list("last_page", "last_page_at").first() or (1, None)


def pages_of(opening: Opening) -> list[int]:
    """The numbers of the pages that were seen."""
    seen = int.from_bytes(opening.pages, "little")
    return [place + 1 for place in range(seen.bit_length()) if seen >> place & 1]


def is_read(pages_seen: int, page_count: int) -> bool:
    """Was enough of the paper seen? `counts_as_read` asks the database the same."""
    return pages_seen > 0 and page_count <= pages_seen * PAGES_PER_PAGE_SEEN


def counts_as_read() -> Q:
    """Openings of which enough was seen."""
    return Q(pages_seen__gt=0) & Q(version__page_count__lte=F("pages_seen") * PAGES_PER_PAGE_SEEN)


def papers_unread_by(person: Person) -> DocumentQuerySet:
    """Papers of the person's coming and running meetings whose version in force the person has not read yet; in the
    order in which they are needed.
    """
    readable = DocumentVersion.objects.filter(document=OuterRef("pk"), state__in=DocumentVersion.READABLE)
    in_force = Subquery(readable.order_by("-number").values("pk")[:1])
    attended = Participant.objects.filter(person=person).values("meeting")
    papers = Document.objects.visible_to(person).filter(
        withdrawn_at=None, is_handed_out=False, meeting__in=attended, meeting__state__in=ALIVE
    )
    read = Opening.objects.filter(counts_as_read(), person=person, version=OuterRef("in_force"))
    unread = papers.annotate(in_force=in_force).exclude(in_force=None).filter(~Exists(read))
    in_order = ("meeting__starts_at", "meeting", "item__position", "position", "added_at", "pk")
    return unread.select_related("meeting", "item").order_by(*in_order)
