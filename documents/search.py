"""Finds papers by their words, for one person. Rights, words and order are decided in the database, in one query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value, Window
from django.db.models.functions import Concat, RowNumber

from accounts.models import Person
from documents.index import lines_of, words_about
from documents.models import Document, DocumentVersion, Page, Wording
from documents.questions import Part, Question
from documents.snippets import Piece, marked_whole, snippet
from meetings.models import AgendaItem, Meeting

Params = tuple[str | int, ...]
READABLE = DocumentVersion.READABLE
PAGES_SHOWN = 3  # of one paper; the reader steps through the others


@dataclass(frozen=True)
class PageHit:
    number: int
    pieces: list[Piece]


@dataclass(frozen=True)
class PaperHit:
    """A paper in which words were found: in what it is called, on some of its pages, or both."""

    document: Document
    title: list[Piece]
    about: list[Piece]
    page_count: int
    pages: list[PageHit] = field(default_factory=list)
    meeting: Meeting | None = None
    item: AgendaItem | None = None

    @property
    def more(self) -> int:
        return self.page_count - len(self.pages)


@dataclass(frozen=True)
class Found:
    """The papers in which a question found something, best first, each with the number of its pages.

    `question` as it was answered, `wordings` the rows it found: rights are within that query.
    """

    question: Question
    wordings: QuerySet[Wording]
    papers: list[tuple[UUID, int]] = field(default_factory=list)


# -- Which papers ------------------------------------------------------------------------------------------------------


def papers_found(person: Person, question: Question, *, meeting: Meeting | None = None) -> Found:
    """Find the papers this person may read in which all parts of the question stand on one page, or in what the paper
    is called. Where no word is found as it was typed, the last one may be the beginning of one.
    """
    versions = versions_searched(person)
    if meeting is not None:
        versions = versions.filter(document__meeting=meeting)
    found = found_in(versions, question)
    return found if found.papers or question == question.going_on() else found_in(versions, question.going_on())


def found_in(versions: QuerySet[DocumentVersion], question: Question) -> Found:
    wordings = wordings_found(versions, question)
    return Found(question, wordings, in_order(wordings))


def in_order(wordings: QuerySet[Wording]) -> list[tuple[UUID, int]]:
    """The papers with the number of their pages: those called so, those with more pages, those of newer sessions."""
    grouped = wordings.values("document").annotate(is_called_so=Count("pk", filter=Q(page=None)), pages=Count("page"))
    order = ("-is_called_so", "-pages", "-document__meeting__starts_at", "document")
    return list(grouped.order_by(*order).values_list("document", "pages"))


def wordings_found(versions: QuerySet[DocumentVersion], question: Question) -> QuerySet[Wording]:
    """The pages of these versions, and the names of their papers, that have all parts of a question."""
    of_pages = Q(version__in=versions.values("pk"))
    of_papers = Q(page=None, document__in=versions.values("document"))
    found = Wording.objects.filter(Holds(question), of_pages | of_papers)
    for part in question.parts:
        if len(part.words) > 1:
            found = found.filter(follows(part, question.begins(part)))
    return found


def versions_searched(person: Person) -> QuerySet[DocumentVersion]:
    """The version in force of every paper this person may read; nothing withdrawn, also for who prepares."""
    readable = DocumentVersion.objects.visible_to(person).filter(state__in=READABLE, document__withdrawn_at=None)
    newer = DocumentVersion.objects.filter(
        document=OuterRef("document"), state__in=READABLE, number__gt=OuterRef("number")
    )
    return readable.filter(~Exists(newer)).order_by()


class Holds(Func):
    """Does a row hold all words of a question, in any order? Asks the index."""

    output_field = BooleanField()
    sqlite = "%(expressions)s IN (SELECT rowid FROM documents_wording_index WHERE documents_wording_index MATCH %%s)"
    postgresql = "documents_words_of(%(expressions)s) @@ (%%s)::tsquery"  # as the index is made

    def __init__(self, question: Question) -> None:
        super().__init__("pk", "folded", "spelled")
        self.question = question

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, Params]:
        key, _params = compiler.compile(self.source_expressions[0])
        asked = " AND ".join(f'"{word}"{" *" if begins else ""}' for word, begins in self.words)
        return self.sqlite % {"expressions": key}, (asked,)

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, Params]:
        folded, spelled = (compiler.compile(column)[0] for column in self.source_expressions[1:])
        asked = " & ".join(f"'{word}'{':*' if begins else ''}" for word, begins in self.words)
        return self.postgresql % {"expressions": f"{folded}, {spelled}"}, (asked,)

    @property
    def words(self) -> list[tuple[str, bool]]:
        """Each word and whether it may go on. No word holds a quote: it has letters and digits and signs of tones."""
        return [
            (word, self.question.begins(part) and place == len(part.sought) - 1)
            for part in self.question.parts
            for place, word in enumerate(part.sought)
        ]


def follows(part: Part, begins: bool) -> Q:
    """Do the words of a part stand one behind the other?"""
    column = "spelled" if part.is_accented else "folded"
    words = " ".join(part.sought)
    bounded = Concat(Value(" "), F(column), Value(" "), output_field=TextField())
    return Q(Contains(bounded, f" {words}" if begins else f" {words} "))


class Contains(Func):
    """Is a text within another? Not LIKE, whose letters mean something else on one of the databases."""

    output_field = BooleanField()

    def __init__(self, *expressions: Any) -> None:
        within, sought = expressions
        super().__init__(within, sought if hasattr(sought, "resolve_expression") else Value(sought))

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, Params]:
        return self.as_sql(compiler, connection, template="instr(%(expressions)s) > 0")

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, Params]:
        return self.as_sql(compiler, connection, template="strpos(%(expressions)s) > 0")


# -- What is shown of them ---------------------------------------------------------------------------------------------


def hits_in(person: Person, found: Found, papers: list[tuple[UUID, int]]) -> list[PaperHit]:
    """Return what is shown of some of the papers found, in their order. Always the same number of queries."""
    keys = [key for key, _count in papers]
    documents = Document.objects.in_bulk(keys)
    meetings = Meeting.objects.visible_to(person).filter(documents__in=keys).distinct().in_bulk()
    items = AgendaItem.objects.visible_to(person).filter(documents__in=keys).distinct().in_bulk()
    pages = pages_shown(found.wordings.filter(document__in=keys), found.question)
    return [
        PaperHit(
            document=documents[key],
            title=marked_whole(documents[key].title, found.question),
            about=about(documents[key], found.question),
            page_count=count,
            pages=pages.get(key, []),
            meeting=meetings.get(documents[key].meeting_id),
            item=items.get(documents[key].item_id),
        )
        for key, count in papers
    ]


def about(document: Document, question: Question) -> list[Piece]:
    """Number, abstract and issuing body, where something was found in them."""
    rest = " · ".join(filter(None, words_about(document).split("\n")[1:]))
    pieces = snippet(rest, question)
    return pieces if any(piece.is_found for piece in pieces) else []


def pages_shown(wordings: QuerySet[Wording], question: Question) -> dict[UUID, list[PageHit]]:
    """The first pages of each paper on which something was found, with the words around it."""
    place = Window(RowNumber(), partition_by="document", order_by="number")
    first = wordings.filter(number__gt=0).annotate(place=place).filter(place__lte=PAGES_SHOWN)
    rows = list(first.values_list("document", "number", "page").order_by("document", "number"))
    texts = dict(Page.objects.filter(pk__in=[page for *_rest, page in rows]).values_list("pk", "text"))
    shown: dict[UUID, list[PageHit]] = {}
    for document, number, page in rows:
        shown.setdefault(document, []).append(PageHit(number, snippet(lines_of(texts[page] or {}), question)))
    return shown
