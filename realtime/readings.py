"""What hubs and /sync/ read from the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from realtime.models import Entry, Stream
from realtime.streams import begin

# Whoever is further behind is told the present state instead of the way there.
TAIL_MOST = 2000


@dataclass(frozen=True)
class Head:
    epoch: str
    number: int
    floor: int

    @property
    def as_frame(self) -> dict[str, Any]:
        return {"epoch": self.epoch, "head": self.number, "floor": self.floor}

    def can_continue(self, known: tuple[str, int] | None) -> bool:
        """Say whether someone who knows `known` can be told the entries since, instead of everything."""
        if known is None or known[0] != self.epoch:
            return False
        return self.floor <= known[1] <= self.number and self.number - known[1] <= TAIL_MOST


def heads(names: Iterable[str]) -> dict[str, Head]:
    rows = Stream.objects.filter(name__in=list(names)).values_list("name", "epoch", "head", "floor")
    return {name: Head(epoch, number, floor) for name, epoch, number, floor in rows}


def heads_begun(names: Iterable[str]) -> dict[str, Head]:
    """Return the heads of all these streams, beginning those that do not exist yet."""
    wanted = set(names)
    found = heads(wanted)
    if missing := sorted(wanted - found.keys()):
        begin(missing)
        found |= heads(missing)
    return found


def entries_between(stream: str, above: int, to: int | None = None) -> list[tuple[int, Any]]:
    """Return (number, body) of the entries above a number, in order, at most TAIL_MOST + 1 of them."""
    entries = Entry.objects.filter(stream__name=stream, number__gt=above)
    if to is not None:
        entries = entries.filter(number__lte=to)
    return list(entries.order_by("number").values_list("number", "body")[: TAIL_MOST + 1])


def panels_touched(entries: Iterable[tuple[int, Any]]) -> dict[str, int]:
    """Return the panels named by the entries of a room stream, each with its last number."""
    return {panel: number for number, body in entries for panel in body.get("panels", [])}
