"""Finds the stamp of a secret paper among the first lines of its text. Pure."""

import re
import unicodedata
from collections.abc import Iterable

# A stamp stands alone on its line, in capitals, perhaps framed or spaced out: "MẬT", "[ TỐI MẬT ]", "M Ậ T", or behind
# its label: "ĐỘ MẬT: MẬT". "Bảo mật" in a sentence is none.
STAMPS = {"MẬT": "MẬT", "TỐIMẬT": "TỐI MẬT", "TUYỆTMẬT": "TUYỆT MẬT"}
LABEL = re.compile(r"^ĐỘMẬT:?")


def stamp_in(lines: Iterable[str]) -> str:
    """Return the grade that one of the lines bears as a stamp ("TỐI MẬT"), or an empty string.

    A grade broken over two lines ("TUYỆT" / "MẬT") is found by its second half, as the lower grade: held all the same.
    """
    for line in lines:
        letters = "".join(re.findall(r"[^\W\d_]|:", unicodedata.normalize("NFC", line)))
        grade = LABEL.sub("", letters).strip(":")
        if grade in STAMPS:
            return STAMPS[grade]
    return ""
