"""Charts as SVG, drawn on the server and kept by their data. Altair and vl-convert are loaded when one is drawn.

Colours are names in the drawing and become tokens of the page, so a chart follows light and dark; no style attribute
stays in it, which the Content-Security-Policy would refuse. Without vl-convert there is the table alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from textwrap import wrap
from threading import Lock
from typing import Any

from django.core.cache import cache
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

KEPT_SECONDS = 30 * 24 * 3600
DRAWING = 4  # counts up when the same data would be drawn otherwise
FONT = "Be Vietnam Pro"
WIDTH, ROW_HEIGHT, MONTHS_HEIGHT, LABEL_WIDTH, LABEL_LETTERS = 520, 48, 260, 260, 32
# Colours of the drawing and the tokens they become.
INK, INK_2, LINE, ACTION, QUIET, LACQUER, WARNING = (f"#00000{digit}" for digit in range(1, 8))
TOKENS = {
    INK: "--ink",
    INK_2: "--ink-2",
    LINE: "--line",
    ACTION: "--action",
    QUIET: "--line-strong",
    LACQUER: "--lacquer",
    WARNING: "--warning",
}
_first_drawing = Lock()
_font_known = False


@dataclass(frozen=True)
class ReductionMark:
    """One line of a chart of reductions: shares, where it leads, and what is said of it."""

    label: str
    share: float
    low: float
    high: float
    href: str
    said: str


@dataclass(frozen=True)
class SessionMark:
    """One session: its day (ISO), its length against what was usual before (1.0), where it leads, what is said."""

    day: str
    ratio: float
    phase: str
    href: str
    said: str


@dataclass(frozen=True)
class MonthMark:
    day: str
    ratio: float
    phase: str


@dataclass(frozen=True)
class CountMark:
    """A bar of a person: a number of something, where it leads, what is said."""

    label: str
    count: int
    href: str
    said: str


@dataclass(frozen=True)
class Chart:
    """What is to be drawn, in words of the data; `name` says what it shows."""

    kind: str
    name: str
    marks: Sequence[Any]
    more: Mapping[str, Any]

    @property
    def key(self) -> str:
        told = [DRAWING, get_language(), self.kind, self.name, [asdict(mark) for mark in self.marks], dict(self.more)]
        return f"chart:{hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()}"


def reductions(name: str, marks: Sequence[ReductionMark]) -> Chart:
    """Intervals beneath one another against 30 and 50 %."""
    return Chart("reductions", name, marks, {})


def months(name: str, sessions: Sequence[SessionMark], lines: Sequence[MonthMark], learning: Iterable[str]) -> Chart:
    """Each session as a dot, the middle of a month as a line, the learning months shaded (their bounds, ISO days)."""
    return Chart("months", name, sessions, {"lines": [asdict(one) for one in lines], "learning": list(learning)})


def counts(name: str, marks: Sequence[CountMark], title: str) -> Chart:
    return Chart("counts", name, marks, {"title": title})


# -- Kept or drawn -----------------------------------------------------------------------------------------------------


def kept(charts: Iterable[Chart]) -> dict[str, SafeString]:
    """Return the charts that were drawn before, by their key, in one look into the cache."""
    return {key: mark_safe(svg) for key, svg in cache.get_many([chart.key for chart in charts]).items()}  # noqa: S308 - our own drawing, see `cleaned`


def drawn(chart: Chart) -> SafeString:
    """Return the chart as SVG, or nothing where it cannot be drawn."""
    svg = cache.get(chart.key)
    if svg is None:
        svg = draw(chart)
        if svg:
            cache.set(chart.key, svg, KEPT_SECONDS)
    return mark_safe(svg)  # noqa: S308 - our own drawing, see `cleaned`


def draw(chart: Chart) -> str:
    if not chart.marks:
        return ""
    try:
        import altair
        import vl_convert
    except ImportError:
        return ""
    tell_font(vl_convert)
    figure = {"reductions": drawing_of_reductions, "months": drawing_of_months, "counts": drawing_of_counts}[chart.kind]
    spec = figure(altair, chart).configure(**look()).to_dict()
    return cleaned(vl_convert.vegalite_to_svg(spec, vl_version=version_of(spec)), chart.name)


def version_of(spec: Mapping[str, Any]) -> str:
    """Return the version of Vega-Lite that the drawing was written for: v6.1.0 as 6.1."""
    found = re.search(r"/v(\d+\.\d+)", str(spec.get("$schema", "")))
    return found.group(1) if found else "6.1"


def tell_font(vl_convert: Any) -> None:
    """Let letters be measured in the face in which the page shows them."""
    global _font_known  # noqa: PLW0603 - once in a process
    with _first_drawing:
        if not _font_known:
            vl_convert.register_font_directory(str(Path(str(files("fontpkg_be_vietnam_pro"))) / "files"))
            _font_known = True


def cleaned(svg: str, name: str) -> str:
    """Return the drawing as the page may hold it: tokens for colours, no style, links within the installation."""
    svg = re.sub(r'\sstyle="[^"]*"', "", svg)
    svg = re.sub(r'xlink:href="[^"]*?(/targets/[^"]*)"', r'href="\1"', svg)
    svg = re.sub(r'xlink:href="[^"]*"', "", svg)
    svg = re.sub(r'<rect [^>]*fill="(?:white|transparent)"/>', "", svg, count=1)
    for colour, token in TOKENS.items():
        svg = svg.replace(f'"{colour}"', f'"var({token})"')
    svg = re.sub(r'\sfont-family="[^"]*"', "", svg)
    svg = re.sub(r'\saria-roledescription="[^"]*"', "", svg)  # English, and no more than the label says
    opening = f'<svg role="group" aria-label="{escape(name)}" '
    return svg.replace("<svg ", opening, 1).replace('class="marks"', 'class="chart"', 1)


def look() -> dict[str, Any]:
    axis = {
        "labelColor": INK_2,
        "titleColor": INK_2,
        "labelFontSize": 14,
        "titleFontSize": 14,
        "titleFontWeight": 500,
        "domainColor": QUIET,
        "tickColor": LINE,
        "gridColor": LINE,
        "labelPadding": 6,
        "aria": False,  # it would speak English; the table beneath says it all
    }
    return {"font": FONT, "background": "transparent", "axis": axis, "view": {"stroke": None}, "padding": 4}


def percent_axis(alt: Any, **more: Any) -> Any:
    """An axis of shares written as in Vietnam: 30 %, with the true minus."""
    words = "format(datum.value * 100, '.0f') + '\u00a0%'"
    return alt.Axis(labelExpr=words, tickCount=8, **more)


# -- Drawings ----------------------------------------------------------------------------------------------------------


def drawing_of_reductions(alt: Any, chart: Chart) -> Any:
    rows = [{**asdict(mark), "label": wrapped(mark.label)} for mark in chart.marks]
    low = min([-0.1, *(mark.low for mark in chart.marks)])
    high = max([0.6, *(mark.high for mark in chart.marks)])
    scale = alt.Scale(domain=[max(low, -1.0), min(high, 1.0)], clamp=True, nice=False)
    x = alt.X("share:Q", scale=scale, title=None, axis=percent_axis(alt, ticks=False))
    labels = alt.Axis(
        labelExpr="split(datum.label, '\\n')",
        labelLimit=LABEL_WIDTH,
        minExtent=LABEL_WIDTH,
        labelColor=INK,
        domain=False,
        ticks=False,
        grid=False,
    )
    y = alt.Y("label:N", title=None, sort=[row["label"] for row in rows], axis=labels)
    said = alt.Description("said:N")
    base = alt.Chart(alt.Data(values=rows)).encode(y=y)
    aims = alt.Chart(alt.Data(values=[{"aim": 0.0}, {"aim": 0.3}, {"aim": 0.5}])).mark_rule(
        color=LACQUER, strokeDash=[5, 4], strokeWidth=1.5, aria=False
    )
    zero = alt.condition(alt.datum.aim == 0, alt.value(QUIET), alt.value(LACQUER))
    return alt.layer(
        aims.encode(x=alt.X("aim:Q", scale=scale), color=zero),
        base.mark_rule(strokeWidth=6, color=ACTION, strokeCap="round", opacity=0.55, aria=False).encode(
            x=x_of(alt, "low", scale), x2="high:Q"
        ),
        base.mark_point(filled=True, size=170, color=ACTION, opacity=1, aria=False).encode(x=x),
        # A broad band that no eye sees, so that a finger hits the line; it alone is the link.
        base.mark_bar(height=ROW_HEIGHT, color=ACTION, opacity=0.001).encode(
            x=x_of(alt, "low", scale), x2="high:Q", href="href:N", description=said
        ),
    ).properties(width=WIDTH, height=ROW_HEIGHT * len(rows))


def wrapped(label: str) -> str:
    """A label in lines that fit beside the drawing."""
    return "\n".join(wrap(label, LABEL_LETTERS))


def x_of(alt: Any, name: str, scale: Any) -> Any:
    return alt.X(f"{name}:Q", scale=scale, title=None)


def drawing_of_months(alt: Any, chart: Chart) -> Any:
    rows = [asdict(mark) for mark in chart.marks]
    highest = max(1.5, min(3.0, max(mark.ratio for mark in chart.marks)))
    y_scale = alt.Scale(domain=[0, highest], clamp=True, nice=False)
    shares = percent_axis(alt, domain=False, ticks=False)
    y = alt.Y("ratio:Q", scale=y_scale, title=_("Length, against what was usual before"), axis=shares)
    words = "timeFormat(datum.value, '%m/%Y')"
    x = alt.X("day:T", title=None, axis=alt.Axis(labelExpr=words, grid=False, labelOverlap=True))
    colour = alt.Color(
        "phase:N",
        scale=alt.Scale(domain=["before", "learning", "after"], range=[QUIET, WARNING, ACTION]),
        legend=None,
    )
    dots = alt.Chart(alt.Data(values=rows)).mark_point(filled=True, size=80, opacity=0.8)
    lines = alt.Chart(alt.Data(values=chart.more["lines"])).mark_line(strokeWidth=2.5, aria=False)
    levels = [{"level": 1.0}, {"level": 0.7}, {"level": 0.5}]
    rules = alt.Chart(alt.Data(values=levels)).mark_rule(strokeDash=[5, 4], strokeWidth=1.5, aria=False)
    first = alt.condition(alt.datum.level == 1, alt.value(QUIET), alt.value(LACQUER))
    layers = [
        rules.encode(y=alt.Y("level:Q", scale=y_scale), color=first),
        lines.encode(x=x, y=y, color=colour),
        dots.encode(x=x, y=y, color=colour, href="href:N", description=alt.Description("said:N")),
    ]
    if chart.more["learning"]:
        begin, end = chart.more["learning"]
        shade = alt.Chart(alt.Data(values=[{"begin": begin, "end": end}])).mark_rect(
            color=WARNING, opacity=0.14, aria=False
        )
        layers.insert(0, shade.encode(x=alt.X("begin:T", title=None), x2="end:T"))
    return alt.layer(*layers).properties(width=WIDTH + 200, height=MONTHS_HEIGHT)


def drawing_of_counts(alt: Any, chart: Chart) -> Any:
    rows = [{**asdict(mark), "label": wrapped(mark.label)} for mark in chart.marks]
    labels = alt.Axis(
        labelExpr="split(datum.label, '\\n')",
        labelLimit=LABEL_WIDTH,
        minExtent=LABEL_WIDTH,
        labelColor=INK,
        domain=False,
        ticks=False,
        grid=False,
    )
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(color=ACTION, height=18, cornerRadiusEnd=2)
        .encode(
            y=alt.Y("label:N", title=None, sort=[row["label"] for row in rows], axis=labels),
            x=alt.X("count:Q", title=chart.more["title"], axis=alt.Axis(tickMinStep=1, format="d")),
            href="href:N",
            description=alt.Description("said:N"),
        )
        .properties(width=WIDTH, height=30 * len(rows))
    )
