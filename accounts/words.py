"""Vietnamese words without their accents, the same on every database. Pure."""

import unicodedata


def fold(text: str) -> str:
    """Return the text in lower case without accents, đ as d, blanks single: how names and titles are searched.

    >>> fold("Nguyễn  Thị Đào")
    'nguyen thi dao'
    """
    decomposed = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).replace("đ", "d")
    return " ".join(bare.split())
