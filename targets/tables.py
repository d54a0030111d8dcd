"""Tables that leave the house: with everything that somebody needs who wants to compute the figures again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from targets.queries import Phase, Session


def table_of_sessions(
    sessions: Iterable[Session], *, compared: Collection[str], openable: Collection[UUID]
) -> list[list[str]]:
    """Return a header and a row for each session; titles only of meetings that the reader may open."""
    rows = (row_of(session, session.key in compared, session.meeting_key in openable) for session in sessions)
    return [header_of_sessions(), *rows]


def header_of_sessions() -> list[str]:
    return [
        _("Series number"),
        _("Series of sessions"),
        _("Unit"),
        _("Level"),
        _("Phase"),
        _("Compared"),
        _("Day"),
        _("Begin"),
        _("End"),
        _("Net time in seconds"),
        _("Net time in minutes"),
        _("Items"),
        _("People present"),
        _("Time corrected"),
        _("Minutes or meeting"),
    ]


def row_of(session: Session, is_compared: bool, may_open: bool) -> list[str]:
    yes, no = _("yes"), _("no")
    began, ended = timezone.localtime(session.began_at), timezone.localtime(session.ended_at)
    level = session.unit.level
    return [
        str(session.series.pk),
        session.series.name,
        session.unit.name,
        level.name if level else "",
        phase_in_words(session.phase),
        yes if is_compared else no,
        f"{began:%d/%m/%Y}",
        f"{began:%d/%m/%Y %H:%M:%S}",
        f"{ended:%d/%m/%Y %H:%M:%S}",
        str(session.net_seconds),
        f"{session.minutes:.2f}".replace(".", ","),
        number(session.items_count),
        number(session.participants_count),
        yes if session.is_corrected else no,
        session.source or (session.title if may_open else ""),
    ]


def number(count: int | None) -> str:
    return "" if count is None else str(count)


def phase_in_words(phase: Phase) -> str:
    return {
        Phase.BEFORE: _("before the system"),
        Phase.LEARNING: _("learning months"),
        Phase.AFTER: _("in use"),
    }[phase]
