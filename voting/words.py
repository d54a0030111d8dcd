"""The words of a vote. Results are kept as codes; here every reader gets them in the language he reads."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise

CHOICES: dict[str, Words] = {
    "for": pgettext_lazy("choice on a ballot", "For"),
    "against": pgettext_lazy("choice on a ballot", "Against"),
    "not_voting": pgettext_lazy("choice on a ballot", "Not voting"),
    "high": _("High confidence"),
    "confident": _("Confidence"),
    "low": _("Low confidence"),
}
SIGNS = {"for": "✓", "against": "✕", "not_voting": "–"}
OUTCOMES: dict[str, Words] = {
    "passed": pgettext_lazy("outcome of a vote", "Passed"),
    "not_passed": pgettext_lazy("outcome of a vote", "Not passed"),
    "tie": _("As many for as against"),
    "no_quorum": _("Not passed: no quorum"),
    "counted": _("Counted"),
    "elected": _("All seats are taken"),
    "seats_left": _("Fewer reached the majority than are to be chosen"),
    "border_tie": _("As many votes for the last seat: vote again on those"),
    "rated": _("Rated"),
    # No shares in these words: a rule set says which lead to them, and may change.
    "removal_procedure": _("The procedure of removal follows"),
    "may_resign": _("May ask to resign"),
    "keeps_office": _("Keeps the office"),
}
BASES: dict[str, Words] = {
    "all_members": _("of all members"),
    "present": _("of those present"),
    "cast": _("of ballots cast"),
    "valid": _("of valid ballots"),
    "for_and_against": _("of for and against"),
}
SIDES_DECIDING: dict[str, Words] = {
    "for": _("As many were for as against; decided by the side of the head of the body, which was for."),
    "against": _("As many were for as against; decided by the side of the head of the body, which was against."),
}
NO_SIDES: dict[str, Words] = {
    "no_head": _("The head of the body is not on the roll in person, so nobody decides the tie."),
    "head_absent": _("The head of the body was absent, so nobody decides the tie."),
    "head_no_ballot": _("The head of the body gave no ballot, so nobody decides the tie."),
    "head_not_voting": _("The head of the body chose not to vote, so nobody decides the tie."),
}


def threshold_in_words(step: Mapping[str, Any]) -> str:
    """What a step asks for, as one phrase: "more than 1/2 of all members"."""
    how = _("more than") if step["strictly_more"] else _("at least")
    whole = _("%(how)s %(share)s %(base)s")
    return str(whole) % {"how": how, "share": step["share"], "base": BASES[step["base"]]}


def choice_in_words(option: dict[str, Any]) -> str:
    return str(option["label"] or CHOICES.get(option["key"], option["key"]))


def spoken(poll: Any, table: Any) -> str:
    """A result as a chair reads it aloud: who was there, what was chosen, what was needed, what follows."""
    counts = table.counts
    there = _("%(present)d of %(all)d members are present, %(cast)d have voted.")
    said = [str(there) % {"present": counts["present"], "all": counts["all_members"], "cast": counts["cast"]}]
    if table.subjects:
        said += [f"{one.label}: {rated_aloud(one)}" for one in table.subjects]
    else:
        numbers = ", ".join(f"{choice_in_words(vars(line))}: {line.number}" for line in table.lines)
        said.append(f"{numbers}.")
    if table.needed is not None and not table.subjects:
        said.append(str(_("Needed: %(needed)d.")) % {"needed": table.needed})
    if table.tie:
        said += tie_aloud(table.tie, is_confirmed=poll.tie_confirmed)
    elected = [str(line.label) for line in table.lines if line.standing == "elected"]
    if elected:
        said.append(str(_("Chosen: %(names)s.")) % {"names": ", ".join(elected)})
    undecided = [str(line.label) for line in table.lines if line.standing == "undecided"]
    if undecided:
        said.append(str(_("As many votes as one another: %(names)s.")) % {"names": ", ".join(undecided)})
    if not table.subjects:
        said.append(f"{OUTCOMES[poll.outcome]}.")
    return " ".join(said)


def tie_aloud(tie: dict[str, Any], *, is_confirmed: bool) -> list[str]:
    """Why as many for as against came to what follows; nothing while the side of the head waits to be confirmed."""
    if tie["side"] is not None:
        return [str(SIDES_DECIDING[tie["side"]])] if is_confirmed else []
    if tie["no_side"] is not None:
        return [str(_("As many were for as against.")), str(NO_SIDES[tie["no_side"]])]
    return [str(_("As many were for as against; by these rules it is not passed."))]


def rated_aloud(one: Any) -> str:
    levels = ", ".join(f"{choice_in_words(level)} {number}" for level, number, _part in one.cells)
    return f"{levels}. {OUTCOMES[one.outcome]}."
