"""Fills the index in which papers are searched: what a paper is called, and every page as soon as its text is read."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet
from django_tasks import task

from documents.models import Document, Page, Wording
from documents.spelling import composed, words_of
from realtime.transactions import one_transaction

Row = TypeVar("Row", bound=Model)
ROWS_AT_ONCE = 200
LAST = -10  # priority: after every page that somebody waits for


def keep_words_of_page(page: Page, document_key: Any, text: dict[str, Any]) -> None:
    """Put a page into the index, in the caller's transaction. What a page says never changes: a second time is no
    matter.
    """
    keep([wording_of_page(page, document_key, text)])


def keep_words_about(document: Document) -> None:
    """Put what a paper is called into the index, in the caller's transaction, or change it there."""
    folded, spelled = forms_of(words_about(document))
    Wording.objects.update_or_create(document=document, page=None, defaults={"folded": folded, "spelled": spelled})


def words_about(document: Document) -> str:
    number = "/".join(filter(None, (document.number, document.symbol)))
    return "\n".join((document.title, number, document.abstract, document.issuing_body))


def wording_of_page(page: Page, document_key: Any, text: dict[str, Any]) -> Wording:
    folded, spelled = forms_of(lines_of(text))
    named = {"document_id": document_key, "version_id": page.version_id, "page": page, "number": page.number}
    return Wording(**named, folded=folded, spelled=spelled)


def lines_of(text: dict[str, Any]) -> str:
    return "\n".join(span["text"] for span in text.get("spans", ()))


def forms_of(text: str) -> tuple[str, str]:
    words = list(words_of(composed(text)))
    return " ".join(word.folded for word in words), " ".join(word.spelled for word in words)


def keep(wordings: Iterable[Wording]) -> None:
    Wording.objects.bulk_create(wordings, batch_size=ROWS_AT_ONCE, ignore_conflicts=True)


# -- What is not in the index yet --------------------------------------------------------------------------------------


def index_missing_later() -> bool:
    """Put the filling in line if pages were read before there was an index; cheap where there is nothing to do."""
    if not (missing_pages().exists() or missing_papers().exists()):
        return False
    fill.using(priority=LAST).enqueue()
    return True


@task()
def fill() -> None:
    index_missing()


def index_missing() -> int:
    """Put into the index what is not there yet, some rows at a time. Returns how many; may begin again."""
    count = 0
    for documents in batches(missing_papers()):
        with one_transaction():
            for document in documents:
                keep_words_about(document)
        count += len(documents)
    for pages in batches(missing_pages().select_related("version")):
        with one_transaction():
            keep([wording_of_page(page, page.version.document_id, page.text or {}) for page in pages])
        count += len(pages)
    return count


def batches(rows: QuerySet[Row]) -> Iterator[list[Row]]:
    """Some rows at a time, in the order of their keys: what was done is not looked through again."""
    rows = rows.order_by("pk")
    found = list(rows[:ROWS_AT_ONCE])
    while found:
        yield found
        found = list(rows.filter(pk__gt=found[-1].pk)[:ROWS_AT_ONCE])


def missing_pages() -> QuerySet[Page]:
    return Page.objects.filter(text__isnull=False).filter(~Exists(Wording.objects.filter(page=OuterRef("pk"))))


def missing_papers() -> QuerySet[Document]:
    return Document.objects.filter(~Exists(Wording.objects.filter(document=OuterRef("pk"), page=None)))
