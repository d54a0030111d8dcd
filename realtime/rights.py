"""Who may listen to what, asked of those who know; and the stream on which changes of rights are said."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from realtime.kinds import kind_of
from realtime.principals import Principal, present_self
from realtime.served import Listening, Served


@dataclass(frozen=True)
class Allowed:
    """The streams a principal may listen to, each with whether it may send ephemera there."""

    principal: Principal
    streams: dict[str, bool]


def allowed(principal: Principal, names: Iterable[str]) -> Allowed:
    streams = {}
    for name in names:
        kind = kind_of(name)
        if kind is not None and kind.may_listen(principal, name):
            streams[name] = kind.may_send_ephemera(principal, name)
    return Allowed(principal, streams)


def allowed_now(principal: Principal, names: Iterable[str]) -> Allowed | None:
    """Ask again for someone who is connected; None when removed."""
    present = present_self(principal)
    return None if present is None else allowed(present, names)


@dataclass(eq=False)
class RightsStream(Served):
    """Nobody listens to it but the hub."""

    hear: Callable[[dict[str, Any]], None] = field(kw_only=True)
    look_at_everyone: Callable[[], None] = field(kw_only=True)

    def absorb(self, first: int, bodies: tuple[Any, ...]) -> None:
        for body in bodies:
            self.hear(body)

    def begin_again(self) -> None:
        self.look_at_everyone()

    async def join(self, listening: Listening, known: tuple[str, int] | None) -> None:
        raise PermissionError
