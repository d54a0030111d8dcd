"""The agenda with its papers, as one person may see it. Always the same number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice

from django.db.models import Prefetch

from accounts.models import Person
from documents.models import Document, DocumentQuerySet, DocumentVersion, PresentedPage
from documents.new_versions import News, Reading, news_for
from documents.receipts import PaperReceipts, receipts_of
from meetings.agenda import numbered
from meetings.models import AgendaItem, Meeting
from meetings.notice_rules import Lateness, NoticePeriod, notice_of


@dataclass(frozen=True)
class Paper:
    """A paper with the version that counts: the newest that can be opened, and the newest of all."""

    document: Document
    version: DocumentVersion | None
    newest: DocumentVersion | None
    news: News | None = None  # for the person it is listed for
    lateness: Lateness | None = None  # of the version that counts

    receipts: PaperReceipts | None = None  # where it is told who has read it

    @property
    def counted(self) -> DocumentVersion | None:
        return self.version or self.newest

    @property
    def is_replaced_soon(self) -> bool:
        """Is a newer file on its way, or stuck, beside the one that is read?"""
        return self.newest is not None and self.version is not None and self.newest.pk != self.version.pk


@dataclass(frozen=True)
class ItemPapers:
    """One item of the agenda and its papers; without an item: papers of the meeting as a whole."""

    item: AgendaItem | None
    number: str = ""
    papers: list[Paper] = field(default_factory=list)

    @property
    def is_sub(self) -> bool:
        return self.item is not None and self.item.parent_id is not None


def papers_for(person: Person, meeting: Meeting) -> list[ItemPapers]:
    """The visible items in their order, each with its visible papers; papers of the whole meeting come first."""
    items = numbered(meeting.items.select_related("presenter", "submitting_unit"))
    seen = set(AgendaItem.objects.visible_to(person).filter(meeting=meeting).values_list("pk", flat=True))
    visible = Document.objects.visible_to(person).filter(meeting=meeting, withdrawn_at=None)
    papers = papers_by_item(visible, meeting, Reading.of(person, meeting))
    whole = [ItemPapers(None, papers=papers[None])] if papers.get(None) else []
    return whole + [ItemPapers(item, number, papers.get(item.pk, [])) for number, item in items if item.pk in seen]


def with_receipts(meeting: Meeting, papers: list[Paper]) -> list[Paper]:
    """The same papers with who has read them; those that nobody can open yet stay as they are."""
    in_force = {paper.document: paper.version for paper in papers if paper.version is not None}
    told = {one.document.pk: one for one in receipts_of(meeting, in_force)}
    return [replace(paper, receipts=told.get(paper.document.pk)) for paper in papers]


def groups_with_receipts(meeting: Meeting, groups: list[ItemPapers]) -> list[ItemPapers]:
    papers = iter(with_receipts(meeting, [paper for group in groups for paper in group.papers]))
    return [replace(group, papers=list(islice(papers, len(group.papers)))) for group in groups]


def papers_by_item(
    documents: DocumentQuerySet, meeting: Meeting, reading: Reading | None = None
) -> dict[int | None, list[Paper]]:
    versions = DocumentVersion.objects.defer("outline").order_by("number")
    notice = notice_of(meeting)
    found: dict[int | None, list[Paper]] = {}
    for document in documents.select_related("item", "meeting").prefetch_related(
        Prefetch("versions", queryset=versions)
    ):
        found.setdefault(document.item_id, []).append(paper_of(document, notice, reading))
    return found


def paper_of(document: Document, notice: NoticePeriod, reading: Reading | None) -> Paper:
    versions = list(document.versions.all())
    version = document.newest(versions)
    newest = versions[-1] if versions else None
    counted = version or newest
    return Paper(
        document,
        version,
        newest,
        news=news_for(reading, version, versions) if reading else None,
        lateness=notice.lateness(counted.added_at) if counted else None,
    )


def papers_of_item(meeting: Meeting, item: AgendaItem | None) -> list[Paper]:
    """All papers of one item that stand in the meeting, for the desk."""
    found = papers_by_item(meeting.documents.filter(item=item, withdrawn_at=None), meeting)
    return found.get(item.pk if item else None, [])


def presented_page(meeting: Meeting) -> PresentedPage | None:
    rows = PresentedPage.objects.select_related("version__document__item", "by")
    return rows.filter(meeting=meeting).first()
