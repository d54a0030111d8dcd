"""Everything that changes a baseline. One transaction each: lock, ask the rules, write, record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.acts import record
from accounts.models import Person
from meetings.models import Meeting, MeetingSeries
from realtime.refusals import Refusal
from realtime.transactions import one_transaction
from targets import rules
from targets.models import LEARNING_MONTHS, Baseline, BaselineSession
from targets.windows import DAY, FEWEST_MONTHS, MOST_MONTHS, Window

MOST_LEARNING_MONTHS = 6
LONGEST = timedelta(days=31)


@dataclass(frozen=True)
class HeldSession:
    """One session as its minutes tell it; times are aware."""

    began_at: datetime
    ended_at: datetime
    source: str
    pause_minutes: int = 0
    items_count: int | None = None
    participants_count: int | None = None

    @property
    def held_on(self) -> date:
        return timezone.localdate(self.began_at)

    @property
    def net_minutes(self) -> float:
        return (self.ended_at - self.began_at).total_seconds() / 60 - self.pause_minutes


# -- The baseline ------------------------------------------------------------------------------------------------------


def enter_baseline(
    series: MeetingSeries,
    *,
    by: Person,
    window_from: date,
    start_of_use: date,
    learning_months: int = LEARNING_MONTHS,
) -> Baseline:
    """Begin the baseline of a series: its window ends on the day before the system was first used."""
    refuse_unless_keeper(by, series)
    window = checked_window(window_from, start_of_use, learning_months)
    try:
        with one_transaction():
            baseline = Baseline.objects.create(
                series=series,
                window_from=window.first,
                window_until=window.last,
                start_of_use=start_of_use,
                learning_months=learning_months,
                entered_by=by,
            )
            note(baseline, "baseline_entered", by=by, facts=facts_of(baseline))
    except IntegrityError as error:
        raise Refusal("has_a_baseline", _("This series has a baseline already.")) from error
    return baseline


def change_baseline(
    baseline: Baseline, *, by: Person, window_from: date, start_of_use: date, learning_months: int
) -> Baseline:
    """Change window and first day of use of a draft; its sessions must lie in the new window."""
    with one_transaction():
        baseline = locked_draft(baseline, by)
        window = checked_window(window_from, start_of_use, learning_months)
        for session in baseline.sessions.all():
            refuse_outside(window, session.held_on)
        baseline.window_from, baseline.window_until = window.first, window.last
        baseline.start_of_use, baseline.learning_months = start_of_use, learning_months
        baseline.save(update_fields=["window_from", "window_until", "start_of_use", "learning_months"])
        note(baseline, "baseline_changed", by=by, facts=facts_of(baseline))
    return baseline


def checked_window(window_from: date, start_of_use: date, learning_months: int) -> Window:
    window = Window(window_from, start_of_use - DAY)
    if window.first > window.last or not window.is_long_enough or not window.is_short_enough:
        words = {"fewest": FEWEST_MONTHS, "most": MOST_MONTHS, "day": date_format(start_of_use)}
        raise Refusal(
            "wrong_window",
            _("The window must be the %(fewest)d to %(most)d months before the first day of use, %(day)s.") % words,
        )
    if not 0 <= learning_months <= MOST_LEARNING_MONTHS:
        months = {"most": MOST_LEARNING_MONTHS}
        raise Refusal("wrong_learning", _("At most %(most)d learning months can be left out.") % months)
    return window


def withdraw_baseline(baseline: Baseline, *, by: Person) -> None:
    """Take back a draft with all that was typed into it; the log keeps that it was there."""
    with one_transaction():
        baseline = locked_draft(baseline, by)
        note(baseline, "baseline_withdrawn", by=by, facts={**facts_of(baseline), "sessions": baseline.sessions.count()})
        for session in baseline.sessions.all():
            forget_proof(session)
        baseline.sessions.all().delete()
        baseline.delete()


def freeze_baseline(baseline: Baseline, *, by: Person, declared_sessions: int, remark: str = "") -> Baseline:
    """Sign the baseline off; from now on nothing in it changes, and results are computed.

    Refused unless it holds every session of its window: as many as the register of minutes says, and every one that the
    system itself knows of.
    """
    with one_transaction():
        baseline = locked_draft(baseline, by)
        sessions = list(baseline.sessions.all())
        refuse_incomplete(baseline, sessions, declared_sessions)
        baseline.state = Baseline.State.FROZEN
        baseline.declared_sessions = declared_sessions
        baseline.frozen_by, baseline.frozen_at = by, timezone.now()
        baseline.remark = remark.strip()
        baseline.statement = statement_of(baseline, sessions)
        baseline.save()
        facts = {**facts_of(baseline), "sessions": len(sessions), "statement": baseline.statement}
        note(baseline, "baseline_frozen", by=by, facts={**facts, "remark": baseline.remark})
    return baseline


def refuse_incomplete(baseline: Baseline, sessions: Sequence[BaselineSession], declared: int) -> None:
    if not sessions:
        raise Refusal("no_sessions", _("Enter the sessions of the window first."))
    if declared != len(sessions):
        words = {"declared": declared, "entered": len(sessions)}
        raise Refusal(
            "not_every_session",
            _(
                "The register says that %(declared)d sessions were held in the window, but %(entered)d are entered."
                " A baseline is every session of its window, never a choice of them."
            )
            % words,
        )
    missing = sorted(days_known_to_the_system(baseline) - {session.held_on for session in sessions})
    if missing:
        days = {"days": ", ".join(date_format(day) for day in missing)}
        raise Refusal("not_every_session", _("The system knows of sessions that are not entered: %(days)s.") % days)


def days_known_to_the_system(baseline: Baseline) -> set[date]:
    held = Meeting.objects.filter(series=baseline.series, state=Meeting.State.CLOSED, started_at__isnull=False)
    days = {timezone.localdate(at) for at in held.values_list("started_at", flat=True)}
    return {day for day in days if day in baseline.window}


def statement_of(baseline: Baseline, sessions: Sequence[BaselineSession]) -> str:
    """Say in one sentence what is signed, months without a session included."""
    count = len(sessions)
    words = {
        "count": count,
        "series": baseline.series.name,
        "first": date_format(baseline.window_from),
        "last": date_format(baseline.window_until),
    }
    text = ngettext(
        "This %(count)d session is every session of “%(series)s” held from %(first)s to %(last)s.",
        "These %(count)d sessions are every session of “%(series)s” held from %(first)s to %(last)s.",
        count,
    )
    empty = baseline.window.months_without(session.held_on for session in sessions)
    said = text % words
    if empty:
        said += " " + _("No session was held in %(months)s.") % {"months": ", ".join(f"{day:%m/%Y}" for day in empty)}
    return said


# -- Its sessions ------------------------------------------------------------------------------------------------------


def add_session(baseline: Baseline, held: HeldSession, *, by: Person) -> BaselineSession:
    return add_sessions(baseline, [held], by=by)[0]


def add_sessions(baseline: Baseline, held: Iterable[HeldSession], *, by: Person) -> list[BaselineSession]:
    """Enter sessions of the window, all of them or none."""
    with one_transaction():
        baseline = locked_draft(baseline, by)
        there = list(baseline.sessions.all())
        made = []
        for one in held:
            refuse_session(baseline, one, there)
            session = BaselineSession(baseline=baseline, entered_by=by, **columns_of(one))
            there.append(session)
            made.append(session)
        BaselineSession.objects.bulk_create(made)
        note(baseline, "baseline_sessions_added", by=by, facts={"days": [f"{one.held_on}" for one in made]})
    return made


def change_session(session: BaselineSession, held: HeldSession, *, by: Person) -> BaselineSession:
    with one_transaction():
        baseline = locked_draft(session.baseline, by)
        session = baseline.sessions.get(pk=session.pk)
        refuse_session(baseline, held, list(baseline.sessions.exclude(pk=session.pk)))
        before = {name: str(getattr(session, name)) for name in columns_of(held)}
        for name, value in columns_of(held).items():
            setattr(session, name, value)
        session.save()
        after = {name: str(value) for name, value in columns_of(held).items()}
        note(baseline, "baseline_session_changed", by=by, facts={"from": before, "to": after})
    return session


def attach_proof(session: BaselineSession, file: UploadedFile | None, *, by: Person) -> None:
    """Keep the scanned minutes of a session; without a file nothing happens. It is stored under a name of our own."""
    if file is None:
        return
    with one_transaction():
        baseline = locked_draft(session.baseline, by)
        forget_proof(session)
        session.proof.save(f"baselines/{uuid4()}", file, save=False)
        session.proof_name = (file.name or "").rsplit("/", 1)[-1][:255]
        session.save(update_fields=["proof", "proof_name"])
        facts = {"day": str(session.held_on), "file": session.proof_name}
        note(baseline, "baseline_proof_attached", by=by, facts=facts)


def remove_session(session: BaselineSession, *, by: Person) -> None:
    with one_transaction():
        baseline = locked_draft(session.baseline, by)
        note(baseline, "baseline_session_removed", by=by, facts={"day": str(session.held_on), "source": session.source})
        forget_proof(session)
        baseline.sessions.filter(pk=session.pk).delete()


def columns_of(held: HeldSession) -> dict[str, Any]:
    return {
        "held_on": held.held_on,
        "began_at": held.began_at,
        "ended_at": held.ended_at,
        "pause_minutes": held.pause_minutes,
        "items_count": held.items_count,
        "participants_count": held.participants_count,
        "source": held.source.strip(),
    }


def refuse_session(baseline: Baseline, held: HeldSession, there: Iterable[BaselineSession]) -> None:
    """Refuse with the first sentence that keeps this session from being entered."""
    problem = problem_of(baseline.window, held, there)
    if problem:
        raise Refusal("wrong_session", problem)


def problem_of(window: Window, held: HeldSession, there: Iterable[BaselineSession | HeldSession]) -> str:
    """Say why this session cannot stand beside the others of the window, or nothing."""
    day = date_format(held.held_on)
    if held.held_on not in window:
        return outside(window, held.held_on)
    if held.ended_at <= held.began_at:
        return _("The session of %(day)s would end before it begins.") % {"day": day}
    if held.ended_at - held.began_at > LONGEST:
        return _("The session of %(day)s would last longer than a month.") % {"day": day}
    if held.ended_at - held.began_at <= timedelta(minutes=held.pause_minutes):
        return _("The pauses of the session of %(day)s are as long as the session itself.") % {"day": day}
    if not held.source.strip():
        return _("The number of the minutes of %(day)s is missing.") % {"day": day}
    for other in there:
        if held.began_at < other.ended_at and other.began_at < held.ended_at:
            words = {"day": day, "other": other.source or date_format(other.held_on)}
            return _("The session of %(day)s overlaps another one that is entered: %(other)s.") % words
    return ""


def refuse_outside(window: Window, day: date) -> None:
    if day not in window:
        raise Refusal("outside", outside(window, day))


def outside(window: Window, day: date) -> str:
    words = {"day": date_format(day), "first": date_format(window.first), "last": date_format(window.last)}
    return _("%(day)s lies outside the window from %(first)s to %(last)s.") % words


# -- Steps the actions share -------------------------------------------------------------------------------------------


def locked_draft(baseline: Baseline, by: Person) -> Baseline:
    """The baseline as it is now, locked until the end of the transaction; refused to others and once it is frozen."""
    found = Baseline.objects.select_for_update(no_key=True, of=("self",)).select_related("series")
    baseline = found.get(pk=baseline.pk)
    refuse_unless_keeper(by, baseline.series)
    if baseline.is_frozen:
        words = {"day": date_format(timezone.localdate(baseline.frozen_at)), "name": str(baseline.frozen_by)}
        raise Refusal(
            "frozen",
            _(
                "This baseline was frozen on %(day)s by %(name)s and never changes."
                " What was found since belongs into the remarks of a report."
            )
            % words,
        )
    return baseline


def refuse_unless_keeper(by: Person, series: MeetingSeries) -> None:
    if not rules.may_keep(by, series):
        raise Refusal("forbidden", _("Only secretaries and administrators of the unit keep its baselines."))


def forget_proof(session: BaselineSession) -> None:
    """Delete the scan once the transaction has come to its end."""
    if session.proof:
        storage, name = session.proof.storage, str(session.proof.name)
        transaction.on_commit(lambda: storage.delete(name))


def facts_of(baseline: Baseline) -> dict[str, Any]:
    return {
        "series": baseline.series.name,
        "window_from": str(baseline.window_from),
        "window_until": str(baseline.window_until),
        "start_of_use": str(baseline.start_of_use),
        "learning_months": baseline.learning_months,
    }


def note(baseline: Baseline, act: str, *, by: Person, facts: dict[str, Any]) -> None:
    record(baseline.chain, act, by=by, about=baseline.chain, facts=facts)
