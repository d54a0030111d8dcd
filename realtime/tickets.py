"""Tickets: a short-lived signed word that opens a socket. It names a principal and is never part of a URL."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.core import signing

from realtime.frames import Bye, Frame
from realtime.principals import RIGHTS_STREAM, Principal, present_self
from realtime.readings import Head, entries_between, heads_begun

SALT = "realtime.ticket"
LIFE_SECONDS = 10 * 60
RENEW_SECONDS = 8 * 60


@dataclass(frozen=True)
class Ticket:
    """`rights` is the number of the rights stream at issuing: what was said there since must be heard first.

    `until` is when the session behind it ends: a ticket is not renewed beyond it. `streams` are those the bearer was
    listening to when a hub gave the ticket, each with whether it may send ephemera: for them nobody is asked again, as
    long as nothing was said about the bearer since. A ticket from a page has none, and is looked at closely.
    """

    principal: Principal
    rights: int
    rights_epoch: str
    until: float
    streams: dict[str, bool] | None = None

    def frame(self) -> Frame:
        """Return the ticket signed now, with the moment in ms at which it ends."""
        text = signing.dumps({**vars(self), "principal": vars(self.principal)}, salt=SALT, compress=True)
        return {"t": "ticket", "ticket": text, "expires": int((time.time() + LIFE_SECONDS) * 1000)}


def issue(principal: Principal, rights: Head) -> Ticket:
    """Make a ticket for someone who was known to be signed in after `rights` was read."""
    return Ticket(principal, rights.number, rights.epoch, time.time() + settings.SESSION_COOKIE_AGE)


def rights_head() -> Head:
    return heads_begun([RIGHTS_STREAM])[RIGHTS_STREAM]


def read(text: str) -> Ticket:
    """Return a ticket signed by us and not older than LIFE_SECONDS. Raises Bye("ticket") otherwise."""
    try:
        value = signing.loads(text, salt=SALT, max_age=LIFE_SECONDS)
        ticket = Ticket(**{**value, "principal": Principal(**value["principal"])})
    except (signing.BadSignature, TypeError, KeyError):
        raise Bye("ticket") from None
    if ticket.until < time.time():
        raise Bye("ticket")
    return ticket


def bearer(ticket: Ticket) -> Principal:
    """Return the principal of a ticket as it is now.

    Raises Bye("logged_out") when the session has ended since, Bye("removed") when the principal is no longer welcome.
    """
    head = rights_head()
    if not head.can_continue((ticket.rights_epoch, ticket.rights)):
        raise Bye("ticket")
    if head.number > ticket.rights:
        for _number, body in entries_between(RIGHTS_STREAM, ticket.rights):
            if ends_session(body, ticket.principal):
                raise Bye("logged_out")
    principal = present_self(ticket.principal)
    if principal is None:
        raise Bye("removed")
    return principal


def ends_session(body: dict[str, str], principal: Principal) -> bool:
    """Say whether an entry of the rights stream logs this principal's session out."""
    return body.get("logged_out") == principal.key and body.get("session") in {"", principal.session}
