"""The words of a vote. Results are kept as codes; here every reader gets them in the language he reads."""

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
    "removal_procedure": _("Two thirds or more low: the procedure of removal follows"),
    "may_resign": _("More than half low: may ask to resign"),
    "keeps_office": _("Keeps the office"),
}
BASES: dict[str, Words] = {
    "all_members": _("of all members"),
    "present": _("of those present"),
    "cast": _("of ballots cast"),
    "valid": _("of valid ballots"),
    "for_and_against": _("of for and against"),
}
NO_SIDES: dict[str, Words] = {
    "no_head": _("The roll names no head of the body, so nobody decides the tie."),
    "head_absent": _("The head of the body was absent, so nobody decides the tie."),
    "head_no_ballot": _("The head of the body gave no ballot, so nobody decides the tie."),
    "head_not_voting": _("The head of the body chose not to vote, so nobody decides the tie."),
}


def choice_in_words(option: dict[str, Any]) -> str:
    return str(option["label"] or CHOICES.get(option["key"], option["key"]))
