"""Lengths, clocks and places as people in an office say them."""

from datetime import date

from django import template
from django.utils.translation import ngettext, pgettext

from meetings.agenda import Clock
from meetings.models import Meeting

register = template.Library()

BADGES = {
    Meeting.State.DRAFT: "warning",
    Meeting.State.PUBLISHED: "action",
    Meeting.State.IN_SESSION: "live",
    Meeting.State.PAUSED: "warning",
    Meeting.State.ADJOURNED: "warning",
    Meeting.State.CANCELLED: "bad",
}


@register.filter
def short_weekday(day: date) -> str:
    """The day of the week for the head of a calendar: T2 to CN, Mon to Sun."""
    words = (
        pgettext("short weekday", "Mon"),
        pgettext("short weekday", "Tue"),
        pgettext("short weekday", "Wed"),
        pgettext("short weekday", "Thu"),
        pgettext("short weekday", "Fri"),
        pgettext("short weekday", "Sat"),
        pgettext("short weekday", "Sun"),
    )
    return words[day.weekday()]


@register.filter
def in_words(seconds: int) -> str:
    """Say a length: whole minutes, seconds below one minute, hours from two hours on."""
    seconds = abs(int(seconds))
    if seconds < 60:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    minutes = seconds // 60
    if minutes < 120:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours, minutes = divmod(minutes, 60)
    words = ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return f"{words} {in_words(minutes * 60)}" if minutes else words


@register.filter
def minutes_in_words(minutes: int) -> str:
    return in_words(minutes * 60)


@register.simple_tag
def clock_text(clock: Clock, show: str, digits: bool = False) -> str:
    """What the clock says before its element takes over, in the same words."""
    say = in_digits if digits else in_words
    if show == "elapsed":
        return say(clock.base_seconds)
    word = pgettext("clock", "over") if clock.is_over else pgettext("clock", "left")
    return f"{word} {say(clock.left_seconds)}"


def in_digits(seconds: int) -> str:
    minutes, seconds = divmod(abs(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}" if minutes >= 60 else f"{minutes:02}:{seconds:02}"


@register.filter
def badge(state: str) -> str:
    """The class of a meeting's state."""
    return BADGES.get(Meeting.State(state), "")
