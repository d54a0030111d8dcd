"""The words of a text in the two forms in which they are compared: without accents, and as they are written. Pure."""

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from accounts.words import fold

ACCENTS = "".join(sign for sign in map(chr, range(sys.maxunicode + 1)) if unicodedata.combining(sign))
WORD = re.compile(rf"(?:[^\W_][{ACCENTS}]*)+")
# The five tones go to the front of the word: hoà and hòa are the same word, and "sá" is how "sách" begins. The signs
# stand in no word, so that no word is taken for the form of another.
TONES = {"\u0300": "˴", "\u0301": "´", "\u0309": "˒", "\u0303": "˜", "\u0323": "˳"}
LONGEST_WORD = 80  # letters; a key of PostgreSQL's index has its limit, and no word is that long


@dataclass(frozen=True)
class Word:
    """`folded` without accents, `spelled` with them; `start` and `end` are places in the text, whose form is NFC."""

    folded: str
    spelled: str
    start: int
    end: int

    @property
    def is_accented(self) -> bool:
        return self.folded != self.spelled


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of a text that is in NFC. Signs between words do not count.

    >>> [(word.folded, word.spelled) for word in words_of("Hoà, hòa; Đê")]
    [('hoa', '˴hoa'), ('hoa', '˴hoa'), ('de', 'đê')]
    """
    for found in WORD.finditer(text):
        folded, spelled = forms_of_word(found.group()[:LONGEST_WORD])
        if folded:
            yield Word(folded, spelled, found.start(), found.end())


# Few words make up most of all papers: looked up, a page takes a fifth of the time.
@lru_cache(maxsize=20_000)
def forms_of_word(letters: str) -> tuple[str, str]:
    return "".join(filter(str.isalnum, fold(letters))), spelled(letters)


def spelled(letters: str) -> str:
    apart = unicodedata.normalize("NFD", letters.casefold())
    tones = "".join(TONES[sign] for sign in apart if sign in TONES)
    rest = "".join(sign for sign in apart if sign.isalnum() or (unicodedata.combining(sign) and sign not in TONES))
    return tones + unicodedata.normalize("NFC", rest)


def composed(text: str) -> str:
    """Return the text in the one form in which its words are found, however its letters were put together."""
    return unicodedata.normalize("NFC", text)
