"""Finds one's own notes by their words. There are hundreds of them, not hundreds of thousands: no index is kept."""

from dataclasses import dataclass
from typing import NamedTuple, Self

from accounts.models import Person
from documents.models import Document, Mark
from documents.questions import Part, Question
from documents.search import versions_searched
from documents.snippets import Piece, places_of, snippet
from documents.spelling import words_of
from meetings.models import Meeting

NOTES_SHOWN = 10
NOTES_LOOKED_AT = 1000  # the newest; so many of one line each take 0.1 s


@dataclass(frozen=True)
class NoteHit:
    document: Document
    page: int
    pieces: list[Piece]


@dataclass(frozen=True)
class NotesFound:
    """The newest notes in which a question found all its parts; `more` were found and are not shown."""

    shown: list[NoteHit]
    more: int


def notes_found(person: Person, question: Question, *, meeting: Meeting | None = None) -> NotesFound:
    """Look through what this person has written on the versions in force of papers they may read."""
    versions = versions_searched(person)
    if meeting is not None:
        versions = versions.filter(document__meeting=meeting)
    notes = Mark.objects.filter(owner=person, kind=Mark.Kind.NOTE, erased_at=None, version__in=versions)
    newest = notes.select_related("version__document").order_by("-made_at", "pk")[:NOTES_LOOKED_AT]
    each = {(note.version_id, note.page, note.body): note for note in newest}  # a note and its shared copy are one
    spoken = [(note, Spoken.of(note.body)) for note in each.values()]
    for asked in (question, question.going_on()):
        found = [note for note, words in spoken if words.have_all(asked)]
        if found:
            break
    hits = [NoteHit(note.version.document, note.page, snippet(note.body, asked)) for note in found[:NOTES_SHOWN]]
    return NotesFound(hits, more=len(found) - len(hits))


class Spoken(NamedTuple):
    """The words of a note, without accents and with them."""

    folded: list[str]
    spelled: list[str]

    @classmethod
    def of(cls, text: str) -> Self:
        words = list(words_of(text))
        return cls([word.folded for word in words], [word.spelled for word in words])

    def have_all(self, question: Question) -> bool:
        """Do all parts of a question stand here?"""
        return all(
            any(True for _place in places_of(part, self.forms(part), question.begins(part))) for part in question.parts
        )

    def forms(self, part: Part) -> list[str]:
        return self.spelled if part.is_accented else self.folded
