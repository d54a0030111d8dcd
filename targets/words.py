"""The figures as sentences that a leader can read aloud."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from targets.queries import Session
from targets.templatetags.figures import percent, percent_down, percent_up, whole_minutes, whole_percent

if TYPE_CHECKING:
    from targets.effect import Reduction
    from targets.figures import Figures, Line


@dataclass(frozen=True)
class Judgement:
    """One target: its verdict in words, why, and which sessions it hangs on."""

    target: float
    code: str
    words: str
    reason: str
    hangs_on: list[Session]


def headline(reduction: Reduction) -> str:
    """The one sentence with R; a change that may be chance is not called one."""
    share = {"share": percent(abs(reduction.share))}
    if reduction.low > 0:
        return _("Sessions have become %(share)s shorter.") % share
    if reduction.high < 0:
        return _("Sessions have become %(share)s longer.") % share
    if reduction.share >= 0:
        return _("Sessions were %(share)s shorter, but that may be chance.") % share
    return _("Sessions were %(share)s longer, but that may be chance.") % share


def basis(reduction: Reduction, figures: Figures) -> str:
    """Interval, n, period: what the headline rests on."""
    words = {
        "low": percent_down(reduction.low),
        "high": percent_up(reduction.high),
        "before": reduction.sessions_before,
        "after": reduction.sessions_after,
        "series": len(figures.pooled),
    }
    said = (
        ngettext(
            "With 95 %% confidence the reduction lies between %(low)s and %(high)s. Compared are, within %(series)d"
            " series, %(before)d sessions before and %(after)d after",
            "With 95 %% confidence the reduction lies between %(low)s and %(high)s. Compared are, within %(series)d"
            " series, %(before)d sessions before and %(after)d after",
            len(figures.pooled),
        )
        % words
    )
    period = figures.period
    if period is None:
        return f"{said}."
    return f"{said} ({between(*period)})."


def between(first: date, last: date) -> str:
    return _("%(first)s to %(last)s") % {"first": date_format(first), "last": date_format(last)}


def judgements(reduction: Reduction, figures: Figures) -> list[Judgement]:
    from targets.effect import TARGETS

    return [judgement(reduction, target, figures.turned[target]) for target in TARGETS]


def judgement(reduction: Reduction, target: float, hangs_on: list[Session]) -> Judgement:
    from targets.effect import Verdict

    aim = {"target": whole_percent(target), "low": percent_down(reduction.low), "high": percent_up(reduction.high)}
    verdict = reduction.verdict(target)
    words = {
        Verdict.MET: _("met"),
        Verdict.NOT_MET: _("not met"),
        Verdict.REDUCED: _("reduced, the level of %(target)s is not proved yet") % aim,
        Verdict.OPEN: _("not enough to judge"),
    }
    reasons = {
        Verdict.MET: _("Even the lower bound, %(low)s, reaches %(target)s."),
        Verdict.NOT_MET: _("Even the upper bound, %(high)s, stays below %(target)s."),
        Verdict.REDUCED: _("The lower bound, %(low)s, does not reach %(target)s yet."),
        Verdict.OPEN: _("%(target)s lies between the bounds, %(low)s and %(high)s."),
    }
    return Judgement(target, str(verdict), words[verdict], reasons[verdict] % aim, hangs_on)


def said_of_line(line: Line) -> str:
    """What is said of a mark in a chart of reductions."""
    reduction = line.reduction
    if reduction is None:
        return line.name
    words = {
        "name": line.name,
        "share": percent(reduction.share),
        "low": percent_down(reduction.low),
        "high": percent_up(reduction.high),
        "before": reduction.sessions_before,
        "after": reduction.sessions_after,
    }
    return (
        _("%(name)s: %(share)s shorter (%(low)s to %(high)s), %(before)d sessions before, %(after)d after. Open them.")
        % words
    )


def said_of_session(session: Session, ratio: float) -> str:
    words = {
        "day": date_format(session.day),
        "series": session.series.name,
        "minutes": whole_minutes(session.minutes),
        "ratio": whole_percent(ratio),
    }
    return _("%(day)s, %(series)s: %(minutes)s minutes, %(ratio)s of what was usual before. Open it.") % words
