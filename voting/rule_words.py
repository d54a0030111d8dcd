"""A rule set in plain sentences, as a chair reads them out: each says what the code does, and nothing else."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from meetings.models import RuleSet
from voting.terms import takes_sides, terms_for
from voting.words import CHOICES, OUTCOMES, choice_in_words, threshold_in_words


@dataclass(frozen=True)
class Said:
    """What a rule set says about one thing."""

    about: str
    sentences: list[str]


def said_by(rule_set: RuleSet) -> list[Said]:
    said = [Said(_("Who votes"), who_votes(rule_set)), Said(_("Quorum"), [quorum(rule_set)])]
    if rule_set.terms:
        said += [
            Said(_("What is chosen"), [choices(rule_set)]),
            Said(_("Majority"), majority(rule_set)),
            *([Said(_("As many for as against"), tie(rule_set))] if takes_sides(rule_set) else []),
            Said(_("Coming late"), [latecomers(rule_set)]),
            Said(_("The ballot"), ballot(rule_set)),
            Said(_("Counting"), [counting()]),
        ]
    return [*said, Said(_("Notice"), [notice(rule_set)])]


def who_votes(rule_set: RuleSet) -> list[str]:
    if not rule_set.terms:
        return [_("These rules say nothing of votes: nothing can be decided by them.")]
    roll = _("Each member in office when the vote opens has one ballot. Invitees and observers have none.")
    if rule_set.terms["stand_ins_may_vote"]:
        return [roll, _("Whoever stands in for an absent member also votes in that member’s place.")]
    return [roll, _("Whoever stands in for an absent member attends and speaks, but has no vote.")]


def quorum(rule_set: RuleSet) -> str:
    if rule_set.quorum_share is None:
        return _("None is asked for: however many are present, the session may begin and a vote may open.")
    step = {"strictly_more": rule_set.quorum_strictly_more, "share": rule_set.quorum_share, "base": "all_members"}
    words = _("The session begins, and a vote opens, when %(threshold)s are present.")
    return words % {"threshold": threshold_in_words(step)}


def choices(rule_set: RuleSet) -> str:
    named = ", ".join(f"“{choice_in_words(option)}”" for option in rule_set.terms["options"])
    if takes_sides(rule_set):
        return _("One of: %(choices)s.") % {"choices": named}
    return _("For everybody on the list one of: %(choices)s.") % {"choices": named}


def majority(rule_set: RuleSet) -> list[str]:
    said = [step_in_words(step) for step in rule_set.terms["steps"]]
    if not takes_sides(rule_set):
        otherwise = pgettext("otherwise, this follows", "Otherwise: %(outcome)s.")
        return [*said, otherwise % {"outcome": small(OUTCOMES[rule_set.terms["otherwise"]])}]
    said.append(_("Otherwise it is not passed."))
    for step in terms_for(rule_set, "election", [])["steps"]:
        words = _(
            "In an election a candidate needs the votes of %(threshold)s; most votes first, while there are seats."
        )
        said.append(words % {"threshold": threshold_in_words(step)})
    return said


def step_in_words(step: dict[str, Any]) -> str:
    if step["outcome"] == "passed":
        return _("A question is passed when %(threshold)s are for.") % {"threshold": threshold_in_words(step)}
    return _("When %(threshold)s say “%(choice)s”: %(outcome)s.") % {
        "threshold": threshold_in_words(step),
        "choice": CHOICES.get(step["counts"], step["counts"]),
        "outcome": small(OUTCOMES[step["outcome"]]),
    }


def tie(rule_set: RuleSet) -> list[str]:
    if rule_set.terms["tie"] != "head_decides":
        return [_("It is not passed.")]
    said = _(
        "The side on which the head of the body voted decides; the secretary confirms it before the result is "
        "announced. If the head is absent, gave no ballot or did not take a side, it is not passed."
    )
    if tie_asks_for_less(rule_set):
        less = _("A tie with the head for it passes, though a majority that misses the share above does not.")
        return [said, less]
    return [said]


def tie_asks_for_less(rule_set: RuleSet) -> bool:
    """Could more be for than against and lose, where as many for as against may win?"""
    asked = [Fraction(step["share"]) for step in rule_set.terms["steps"] if step["outcome"] == "passed"]
    return bool(asked) and asked[0] > Fraction(1, 2)


def latecomers(rule_set: RuleSet) -> str:
    if rule_set.terms["latecomers_may_vote"]:
        return _("A member who checks in while the vote is open votes too.")
    return _("A member who checks in while the vote is open does not vote in it.")


def ballot(rule_set: RuleSet) -> list[str]:
    confirmed = (
        _("The tablet asks once more before it sends a ballot.")
        if rule_set.terms["ballot_is_confirmed"]
        else _("The tablet sends the ballot at the first tap.")
    )
    changed = (
        _("A ballot may be changed until the vote is closed.")
        if rule_set.terms["ballot_may_change"]
        else _("A ballot that was received stands.")
    )
    return [confirmed, changed]


def counting() -> str:
    """The same under every rule set: there is no rule yet under which a count is shown while the vote is open."""
    return _(
        "While the vote is open everybody sees how many have voted, nobody what. Chair and secretary see the result "
        "when it is closed, everybody when it is announced."
    )


def notice(rule_set: RuleSet) -> str:
    days = ngettext(
        "Invitation and papers of a regular session go out at least %(days)d working day before it;",
        "Invitation and papers of a regular session go out at least %(days)d working days before it;",
        rule_set.notice_days_regular,
    ) % {"days": rule_set.notice_days_regular}
    extraordinary = ngettext(
        "those of an extraordinary one at least %(days)d day before.",
        "those of an extraordinary one at least %(days)d days before.",
        rule_set.notice_days_extraordinary,
    ) % {"days": rule_set.notice_days_extraordinary}
    return f"{days} {extraordinary}"


def small(words: Any) -> str:
    """An outcome inside a sentence."""
    text = str(words)
    return text[:1].lower() + text[1:]
