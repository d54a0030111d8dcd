"""Codes of polls as words, numbers as they are written in the reader's language."""

from datetime import date
from fractions import Fraction
from typing import Any

from django import template
from django.utils.formats import date_format, number_format

from meetings.models import RuleSet
from voting import tally, words
from voting.terms import takes_sides

register = template.Library()


@register.filter
def choice_words(option: Any) -> str:
    """The words of a choice: of an option as stored, or of a line of the table."""
    if isinstance(option, dict):
        return words.choice_in_words(option)
    return words.choice_in_words({"key": option.key, "label": option.label})


@register.filter
def choice_of_key(key: str) -> str:
    """The words of a choice every rule set has, by its key alone."""
    return str(words.CHOICES.get(key, key))


@register.filter
def choice_sign(key: str) -> str:
    return words.SIGNS.get(key, "")


@register.filter
def outcome_words(outcome: str) -> str:
    return str(words.OUTCOMES.get(outcome, outcome))


@register.filter
def base_words(base: str) -> str:
    return str(words.BASES[base])


@register.filter
def no_side_words(no_side: str) -> str:
    return str(words.NO_SIDES[no_side])


@register.filter
def spoken(poll: Any, table: Any) -> str:
    return words.spoken(poll, table)


@register.filter
def know_levels(rule_sets: list[RuleSet]) -> bool:
    """Is there one by which confidence can be rated?"""
    return any(not takes_sides(rule_set) for rule_set in rule_sets)


@register.filter
def day_words(day: str) -> str:
    """A day as it is kept in a poll's rules, as it is written."""
    return date_format(date.fromisoformat(day), "d/m/Y")


@register.filter
def in_minutes(seconds: int) -> str:
    return number_format(seconds // 60)


@register.filter
def percent(value: Fraction | None, places: int = 3) -> str:
    """2/3 as "66,667 %"; a dash where there is nothing to be a part of."""
    rounded = tally.percent(value, places=places)
    if rounded is None:
        return "–"
    places = 0 if value is not None and (value * 100).denominator == 1 else places
    return f"{number_format(rounded, decimal_pos=places)} %"


@register.filter
def threshold_words(step: dict[str, Any]) -> str:
    """What the first step asks for, as one phrase."""
    return words.threshold_in_words(step)
