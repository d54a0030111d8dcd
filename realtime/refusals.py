"""The one way in which an act says no."""

from typing import Any


class Refusal(Exception):
    """An act is not possible now: a code for programs and a sentence on which a person can act.

    `text` may be lazy; it is translated when it is shown. `now` may carry the present state as JSON, so that a tablet
    which asked too late can draw what holds instead.
    """

    def __init__(self, code: str, text: Any, now: Any = None) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text
        self.now = now

    def __str__(self) -> str:
        return str(self.text)
