"""What is asked of a person now, on the first page: apps contribute it in `AppConfig.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.models import Person


@dataclass(frozen=True)
class AskLine:
    """One thing to do, and where. `is_urgent`: it cannot wait until tomorrow."""

    sentence: str
    url: str
    about: str = ""
    is_urgent: bool = False


@dataclass(frozen=True)
class Ask:
    """A kind of thing asked of a person: the first few lines of `count`; `more_url` leads to all of them."""

    title: str | Promise
    icon: str  # of lucide
    lines: tuple[AskLine, ...]
    count: int
    more_url: str = ""

    @property
    def more_count(self) -> int:
        return self.count - len(self.lines)


Asks = Callable[[Person], Ask | None]

_asks: dict[str, tuple[int, Asks]] = {}


def register_ask(name: str, ask: Asks, *, place: int) -> None:
    """Contribute a function that needs the same number of queries however much is asked; smaller places come first."""
    _asks[name] = (place, ask)


def asked_of(person: Person) -> list[Ask]:
    in_order = sorted(_asks.items(), key=lambda named: (named[1][0], named[0]))
    return [found for _name, (_place, ask) in in_order if (found := ask(person)) is not None and found.lines]
