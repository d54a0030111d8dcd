"""What somebody types to find papers, taken apart. Pure: whatever is typed becomes a question or none."""

import re
from dataclasses import dataclass
from functools import cached_property

from documents.spelling import Word, composed, words_of

QUOTES = re.compile(r"[\"“”„«»]")
QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]")
LONGEST_QUESTION = 200  # characters; more is a page that was pasted
MOST_WORDS = 24


@dataclass(frozen=True)
class Part:
    """Words that must follow one another: one word, a quoted phrase, or what is written without a blank (412/QĐ-UBND).

    A word written with accents is found with these accents alone, one without is found with any. Of words that follow
    one another either all are taken as they are written or, if none has an accent, none.
    """

    words: tuple[Word, ...]
    may_go_on: bool = False  # the last one typed, maybe not to its end

    @cached_property
    def is_accented(self) -> bool:
        return any(word.is_accented for word in self.words)

    @cached_property
    def sought(self) -> tuple[str, ...]:
        return tuple(word.spelled if self.is_accented else word.folded for word in self.words)


@dataclass(frozen=True)
class Question:
    """All parts must be found. `goes_on`: the last word may be the beginning of one."""

    parts: tuple[Part, ...]
    goes_on: bool = False

    def going_on(self) -> "Question":
        return Question(self.parts, goes_on=any(part.may_go_on for part in self.parts))

    def begins(self, part: Part) -> bool:
        """May the last word of this part be longer than what was typed?"""
        return self.goes_on and part.may_go_on


def question_in(text: str) -> Question | None:
    """Take a text apart; None where no word is in it. A quote that is not closed is no quote."""
    text, parts, last = composed(text)[:LONGEST_QUESTION], [], 0
    for quoted in QUOTED.finditer(text):
        parts += loose_parts(text[last : quoted.start()])
        parts += [Part(words) for words in [tuple(words_of(quoted.group(1)))] if words]
        last = quoted.end()
    rest = QUOTES.sub(" ", text[last:])
    loose = loose_parts(rest)
    if loose and not rest[-1].isspace():
        loose[-1] = Part(loose[-1].words, may_go_on=True)
    kept = within_limit([*parts, *loose])
    return Question(tuple(kept)) if kept else None


def loose_parts(text: str) -> list[Part]:
    """What stands between blanks."""
    return [Part(words) for piece in text.split() for words in [tuple(words_of(piece))] if words]


def within_limit(parts: list[Part]) -> list[Part]:
    """Leave out what goes beyond as many words as anybody types."""
    kept, count = [], 0
    for part in parts:
        count += len(part.words)
        if count > MOST_WORDS:
            break
        kept.append(part)
    return kept
