"""Who speaks on a socket: a key, never a user object. Those who know people say who it is; this app only carries it."""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from realtime.streams import publish
from realtime.transactions import one_transaction

RIGHTS_STREAM = "realtime:rights"

# The network address from which the running request or operation came, for the log of acts.
came_from: ContextVar[str] = ContextVar("came_from", default="")


@dataclass(frozen=True)
class Principal:
    """`key` is "person:<id>" or "device:<uuid>"; `session` a fingerprint of the session that asked for the ticket."""

    key: str
    language: str = "vi"
    permission_version: int = 0
    address: str = ""
    session: str = ""

    @property
    def person_id(self) -> int | None:
        kind, _, number = self.key.partition(":")
        return int(number) if kind == "person" and number.isdecimal() else None


sources: list[Callable[[HttpRequest], Principal | None]] = []
checks: list[Callable[[Principal], Principal | None]] = []


def register_principal_source(
    source: Callable[[HttpRequest], Principal | None],
) -> None:
    """Have `source(request)` asked who is asking; the first one that knows is believed."""
    sources.append(source)


def register_principal_check(check: Callable[[Principal], Principal | None]) -> None:
    """Have `check(principal)` asked whether someone is still welcome: their present self, or None when removed.

    It is asked when a socket opens, when a ticket is renewed and after `rights_changed`, in a thread.
    """
    checks.append(check)


def principal_of(request: HttpRequest) -> Principal | None:
    return next((found for source in sources if (found := source(request)) is not None), None)


def present_self(principal: Principal) -> Principal | None:
    """Return the principal as it is now, or None when it has been removed."""
    for check in checks:
        found = check(principal)
        if found is None:
            return None
        principal = found
    return principal


def rights_changed(principal_keys: Iterable[str]) -> None:
    """Have every server look again, within a second, at what these principals listen to."""
    with one_transaction():
        publish(RIGHTS_STREAM, {"look_again": sorted(set(principal_keys))})


def logged_out(key: str, session_key: str | None = None) -> None:
    """Close the sockets of a principal: those of one session, or all of them."""
    with one_transaction():
        publish(
            RIGHTS_STREAM,
            {
                "logged_out": key,
                "session": fingerprint(session_key) if session_key else "",
            },
        )


def fingerprint(session_key: str) -> str:
    """Return what may be known of a session: enough to recognise it, not to use it."""
    return salted_hmac("realtime.session", session_key).hexdigest()[:24]
