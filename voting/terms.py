"""From the terms of a rule set to what a poll applies, and from there to the rule of the tally."""

from fractions import Fraction
from typing import Any, TypedDict

from django.db.models import Q
from django.utils import timezone

from meetings.models import Meeting, RuleSet
from voting.tally import Option, Rule, Step


class Choice(TypedDict):
    """A line of the ballot as it is stored. An empty label: the words for the key, in the reader's language."""

    key: str
    label: str
    counts_as: str | None


def rule_sets_of(meeting: Meeting) -> list[RuleSet]:
    """The meeting's own rule set first, then those in force on its day for its kind of body."""
    day = timezone.localtime(meeting.starts_at).date()
    in_force = RuleSet.objects.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)
    for_body = (
        in_force.filter(body__in=("", meeting.organisation.kind)).exclude(terms={}).exclude(pk=meeting.rule_set_id)
    )
    return [meeting.rule_set, *for_body]


class Subject(TypedDict):
    """Somebody who is rated."""

    key: str
    label: str


def own_choices(labels: list[str]) -> list[Choice]:
    """Choices of one's own: which of two plans, which day; or the candidates of an election."""
    return [Choice(key=f"own-{number}", label=label, counts_as=None) for number, label in enumerate(labels, start=1)]


def subjects_of(labels: list[str]) -> list[Subject]:
    return [Subject(key=f"p-{number}", label=label) for number, label in enumerate(labels, start=1)]


def choices_of(rule_set: RuleSet, own: list[Choice]) -> list[Choice]:
    return own or rule_set.terms["options"]


def takes_sides(rule_set: RuleSet) -> bool:
    """Is it decided for or against? Else by levels of confidence."""
    return any(option["counts_as"] == "for" for option in rule_set.terms.get("options", []))


def terms_for(rule_set: RuleSet, kind: str, own: list[Choice]) -> dict[str, Any]:
    """The terms as they apply to this kind of vote.

    Choices of one's own are counted, not decided by. A candidate must reach what a question must to be passed.
    """
    terms = {name: value for name, value in rule_set.terms.items() if name != "options"}
    if kind == "election":
        # Nobody is against a candidate: those for and against one are all whose ballots are valid.
        deciding = [
            step | {"base": "valid"} if step["base"] == "for_and_against" else step
            for step in terms["steps"]
            if step["counts"] == "for"
        ][:1]
        return terms | {"steps": deciding, "otherwise": "seats_left", "tie": "none"}
    if own:
        return terms | {"steps": [], "otherwise": "counted", "tie": "none"}
    return terms


def applied(rule_set: RuleSet, kind: str, own: list[Choice]) -> dict[str, Any]:
    """What applies to a poll opened now, to be kept with it: the rule set may get a new version, the poll may not."""
    share = rule_set.quorum_share
    return {
        **terms_for(rule_set, kind, own),
        "rule_set": rule_set.code,
        "version": rule_set.version,
        "name": rule_set.name,
        "source": rule_set.source,
        "is_checked": rule_set.is_checked,
        "checked_by": rule_set.checked_by.full_name if rule_set.checked_by else "",
        "checked_on": rule_set.checked_on.isoformat() if rule_set.checked_on else "",
        "quorum": str(share) if share is not None else None,
        "quorum_strictly_more": rule_set.quorum_strictly_more,
    }


def rule_of(rules: dict[str, Any], choices: list[Choice]) -> Rule:
    """The tally's rule, from what a poll has kept."""
    return Rule(
        options=tuple(Option(choice["key"], choice["counts_as"]) for choice in choices),  # type: ignore[arg-type]
        steps=tuple(Step(**{**step, "share": Fraction(step["share"])}) for step in rules["steps"]),
        otherwise=rules["otherwise"],
        tie=rules["tie"],
        quorum=Fraction(rules["quorum"]) if rules["quorum"] else None,
        quorum_strictly_more=rules["quorum_strictly_more"],
    )


def rule_of_rule_set(rule_set: RuleSet) -> Rule:
    """The tally's rule of a question decided by these rules, by the same way that a poll takes."""
    if not rule_set.terms:
        return rule_of({**applied(rule_set, "question", []), "steps": [], "otherwise": "", "tie": "none"}, [])
    return rule_of(applied(rule_set, "question", []), choices_of(rule_set, []))
