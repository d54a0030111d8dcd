"""Who may listen to what, asked of those who know; and the stream on which changes of rights are said."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from realtime.frames import Bye
from realtime.kinds import kind_of
from realtime.principals import Principal, present_self
from realtime.readings import TAIL_MOST
from realtime.served import Listening, Served
from realtime.tickets import Ticket, ends_session


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
    begin_sessions_again: Callable[[], None] = field(kw_only=True)
    lately: deque[tuple[int, Any]] = field(default_factory=lambda: deque(maxlen=TAIL_MOST))

    def absorb(self, first: int, bodies: tuple[Any, ...]) -> None:
        self.lately.extend(enumerate(bodies, first))
        for body in bodies:
            self.hear(body)

    def begin_again(self) -> None:
        """What was said in between is lost, also who logged out: everybody shows a session once more."""
        self.lately.clear()
        self.begin_sessions_again()

    def still_allowed(self, ticket: Ticket, names: Iterable[str]) -> Allowed | None:
        """Say from the ticket alone what its bearer may listen to; None when somebody has to be asked.

        Whoever calls has registered the connection: what is said from now on reaches it. Raises Bye("logged_out").
        """
        since = self.said_since(ticket.rights_epoch, ticket.rights)
        if ticket.streams is None or since is None:
            return None
        for body in since:
            if ends_session(body, ticket.principal):
                raise Bye("logged_out")
            if ticket.principal.key in body.get("look_again", []):
                return None
        streams = {name: ticket.streams[name] for name in names if name in ticket.streams}
        return Allowed(ticket.principal, streams) if len(streams) == len(list(names)) else None

    def said_since(self, epoch: str, number: int) -> list[Any] | None:
        """Return what was said after a number, or None when that is not at hand."""
        reach = self.lately[0][0] - 1 if self.lately else self.head.number
        if epoch != self.head.epoch or not reach <= number <= self.head.number:
            return None
        return [body for said, body in self.lately if said > number]

    async def join(self, listening: Listening, known: tuple[str, int] | None) -> None:
        raise PermissionError
