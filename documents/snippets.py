"""A few words of a page around what was found in them, and which of them were found. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from documents.questions import Part, Question
from documents.spelling import Word, composed, words_of

NEAR = 16  # words: what stands so near to one another is shown together
BEFORE = 6
SHOWN = 26


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `is_found` where it was asked for."""

    text: str
    is_found: bool = False


def snippet(text: str, question: Question) -> list[Piece]:
    """Return the stretch of a text in which most of what was asked for stands, in pieces."""
    text = " ".join(composed(text).split())
    words = list(words_of(text))
    found = found_in(words, question)
    if not found:
        return [Piece(text[: words[SHOWN - 1].end] + " …" if len(words) > SHOWN else text)]
    first = max(0, best_place(found) - BEFORE)
    last = min(len(words), first + SHOWN)
    start = words[first].start if first else 0
    end = words[last - 1].end if last < len(words) else len(text)
    pieces = marked(text, [word for place, word in enumerate(words) if place in found and first <= place < last])
    return cut(pieces, start, end, len(text))


def marked_whole(text: str, question: Question) -> list[Piece]:
    """Return a whole text, such as a title, in pieces."""
    text = composed(text)
    words = list(words_of(text))
    found = found_in(words, question)
    return [piece for piece, _start in marked(text, [word for place, word in enumerate(words) if place in found])]


def found_in(words: list[Word], question: Question) -> dict[int, int]:
    """Return the places of the words that were asked for, each with the number of the part that asked."""
    found: dict[int, int] = {}
    folded, spelled = [word.folded for word in words], [word.spelled for word in words]
    for number, part in enumerate(question.parts):
        for place in places_of(part, spelled if part.is_accented else folded, question.begins(part)):
            found.update({at: number for at in range(place, place + len(part.words)) if at not in found})
    return found


def places_of(part: Part, forms: list[str], goes_on: bool) -> Iterator[int]:
    """Where the words of a part stand one behind the other."""
    *before, last = part.sought
    for end in range(len(before), len(forms)):
        if forms[end] == last or (goes_on and forms[end].startswith(last)):
            start = end - len(before)
            if forms[start:end] == before:
                yield start


def best_place(found: dict[int, int]) -> int:
    """The place from which on most different parts stand near to one another; the first of equals."""
    places = sorted(found)
    return max(places, key=lambda place: (len({found[at] for at in places if place <= at < place + NEAR}), -place))


def marked(text: str, words: list[Word]) -> list[tuple[Piece, int]]:
    """Return the text in pieces with their places; found words with nothing but a blank between them are one piece."""
    pieces, last = [], 0
    for start, end in joined(text, words):
        pieces += [(Piece(text[last:start]), last), (Piece(text[start:end], is_found=True), start)]
        last = end
    pieces.append((Piece(text[last:]), last))
    return [(piece, place) for piece, place in pieces if piece.text]


def joined(text: str, words: list[Word]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for word in words:
        if spans and not text[spans[-1][1] : word.start].strip():
            spans[-1] = (spans[-1][0], word.end)
        else:
            spans.append((word.start, word.end))
    return spans


def cut(pieces: list[tuple[Piece, int]], start: int, end: int, length: int) -> list[Piece]:
    shown = [
        Piece(piece.text[max(0, start - place) : max(0, end - place)], piece.is_found)
        for piece, place in pieces
        if place < end and place + len(piece.text) > start
    ]
    before, after = [Piece("… ")] if start else [], [Piece(" …")] if end < length else []
    return [*before, *shown, *after]
