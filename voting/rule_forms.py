"""What may be typed about rule sets, and the sentence for what may not."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import WordsField, day_field
from accounts.models import Organisation, Person
from meetings.forms import PlainForm, capitalise
from meetings.models import RuleSet
from voting.rule_actions import forestalled, is_share, never_reached
from voting.tally import BASES as BASES_OF_THE_TALLY
from voting.terms import takes_sides
from voting.words import BASES, CHOICES, OUTCOMES

USUAL_MEMBERS = 21
MOST_MEMBERS = 1000  # the National Assembly has half as many
MOST_PARTS = 100  # of a share: hundredths are the finest that a law writes
MOST_DAYS = 60
FOUND = 12  # people of one name that stand to choose from

ANY_BODY = "any"
AT_LEAST, MORE_THAN = "at_least", "more_than"
PARTS = ("how", "numerator", "denominator", "base")  # of a share, in the order in which they are read
FLAGS = ("latecomers_may_vote", "stand_ins_may_vote", "ballot_may_change", "ballot_is_confirmed")


@dataclass(frozen=True)
class Threshold:
    """The fields of one share: at least | 2 | 3 | of all members."""

    legend: str
    how: forms.BoundField
    numerator: forms.BoundField
    denominator: forms.BoundField
    base: forms.BoundField | None = None
    hint: str = ""

    @property
    def errors(self) -> list[str]:
        fields = [field for field in (self.how, self.numerator, self.denominator, self.base) if field is not None]
        return list(dict.fromkeys(str(error) for field in fields for error in field.errors))

    @property
    def errors_id(self) -> str:
        return f"{self.how.id_for_label}_errors"


def how_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("at least or more than"),
        choices=[(AT_LEAST, gettext_lazy("at least")), (MORE_THAN, gettext_lazy("more than"))],
    )


def part_field(label: Any, *, required: bool = True) -> forms.IntegerField:
    whole = gettext_lazy("A share is written in two whole numbers from 1 to 100, such as 2 and 3.")
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=MOST_PARTS,
        required=required,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), whole),
    )


def days_field(label: Any) -> forms.IntegerField:
    days = gettext_lazy("Give a whole number of days from 0 to 60.")
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST_DAYS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), days),
    )


def members_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=gettext_lazy("Members of the body"),
        min_value=1,
        max_value=MOST_MEMBERS,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": gettext_lazy("Write the number of members in digits, such as 21."),
            "min_value": gettext_lazy("A body has at least one member."),
            "max_value": gettext_lazy("The preview counts up to %(limit_value)s members."),
        },
    )


class SizeForm(PlainForm):
    """Of how many members a body is thought to be, for the preview."""

    members = members_field()

    @property
    def how_many(self) -> int:
        """As many as were typed; a body of the usual size where nothing was."""
        return self.cleaned_data["members"] or USUAL_MEMBERS


class RuleSetForm(PlainForm):
    """All that a version says, beginning with what `like` says; how many steps there are stays."""

    name = WordsField(
        label=gettext_lazy("Name of the rules"),
        max_length=160,
        error_messages={"required": gettext_lazy("Give the rules a name.")},
    )
    body = forms.ChoiceField(label=gettext_lazy("For bodies of the kind"))
    source = WordsField(
        label=gettext_lazy("Legal source"),
        max_length=240,
        required=False,
        help_text=gettext_lazy("Law, number and articles, as it shall stand under each result."),
    )
    valid_from = day_field(
        label=gettext_lazy("In force from"),
        needed=gettext_lazy("Say from which day on these rules hold."),
    )
    quorum_how = how_field()
    quorum_numerator = part_field(gettext_lazy("so many"), required=False)
    quorum_denominator = part_field(gettext_lazy("of so many"), required=False)
    tie = forms.ChoiceField(
        label=gettext_lazy("As many for as against"),
        choices=[
            ("head_decides", gettext_lazy("the side of the head of the body decides")),
            ("not_passed", gettext_lazy("it is not passed")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what happens when as many are for as against.")},
    )
    latecomers_may_vote = forms.BooleanField(
        label=gettext_lazy("Who checks in while a vote is open votes too"), required=False
    )
    stand_ins_may_vote = forms.BooleanField(
        label=gettext_lazy("Who stands in for an absent member votes for that member"), required=False
    )
    ballot_may_change = forms.BooleanField(
        label=gettext_lazy("A ballot may be changed until the vote is closed"), required=False
    )
    ballot_is_confirmed = forms.BooleanField(
        label=gettext_lazy("The tablet asks once more before it sends a ballot"), required=False
    )
    notice_days_regular = days_field(gettext_lazy("Regular session: working days before"))
    notice_days_extraordinary = days_field(gettext_lazy("Extraordinary session: days before"))
    over_waiting = forms.BooleanField(required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    members = members_field()

    def __init__(self, *args: Any, like: RuleSet, waiting: RuleSet | None = None, **kwargs: Any) -> None:
        self.like = like
        self.waiting = waiting
        super().__init__(*args, initial={**beginning_with(like), **kwargs.pop("initial", {})}, **kwargs)
        self.fields["body"].choices = [  # type: ignore[attr-defined]
            (ANY_BODY, capfirst(_("any body"))),
            *((kind, capfirst(str(label))) for kind, label in Organisation.Kind.choices),
        ]
        for place, step in enumerate(self.steps):
            self.add_step(place, step)
        if waiting is None:
            del self.fields["over_waiting"]
        else:
            label = _(
                "From that day on the new version takes the place of version %(number)d, and what that changes goes."
            )
            self.fields["over_waiting"].label = label % {"number": waiting.version}
        if not takes_sides(like):
            del self.fields["tie"]
        if not like.terms:
            for name in FLAGS:
                del self.fields[name]

    @property
    def steps(self) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = self.like.terms.get("steps", [])
        return steps

    def add_step(self, place: int, step: dict[str, Any]) -> None:
        """Only a vote for or against has sides to take a share of."""
        bases = [base for base in BASES_OF_THE_TALLY if takes_sides(self.like) or base != "for_and_against"]
        self.fields[f"step_{place}_how"] = how = how_field()
        capitalise(how)
        self.fields[f"step_{place}_numerator"] = part_field(gettext_lazy("so many"))
        self.fields[f"step_{place}_denominator"] = part_field(gettext_lazy("of so many"))
        self.fields[f"step_{place}_base"] = forms.ChoiceField(
            label=gettext_lazy("of which whole"), choices=[(base, BASES[base]) for base in bases]
        )
        for part in PARTS:
            self.fields[f"step_{place}_{part}"].widget.attrs["class"] = "input"

    # -- What is shown ------------------------------------------------------------------------------------------------

    @property
    def quorum(self) -> Threshold:
        self.describe_what_is_wrong("quorum")
        return Threshold(
            quorum_legend(),
            self["quorum_how"],
            self["quorum_numerator"],
            self["quorum_denominator"],
            hint=_("Of all members. Left empty: none is asked for."),
        )

    @property
    def thresholds(self) -> Iterator[Threshold]:
        for place, step in enumerate(self.steps):
            self.describe_what_is_wrong(f"step_{place}")
            how, numerator, denominator, base = (self[f"step_{place}_{part}"] for part in PARTS)
            yield Threshold(legend_of(step), how, numerator, denominator, base)

    def describe_what_is_wrong(self, prefix: str) -> None:
        """The sentence stands once below the whole share, and each of its wrong fields refers to it."""
        for part in PARTS:
            if f"{prefix}_{part}" in self.errors:
                described = f"{self[f'{prefix}_how'].id_for_label}_errors"
                self.fields[f"{prefix}_{part}"].widget.attrs["aria-describedby"] = described

    # -- What was typed -----------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.check_quorum(cleaned)
        for place in range(len(self.steps)):
            self.check_share(f"step_{place}")
        if not any(name.startswith("step_") for name in self.errors):
            late = forestalled(self.steps_typed)
            if late is not None:
                self.add_error(f"step_{late}_numerator", never_reached())
        return cleaned

    def check_quorum(self, cleaned: dict[str, Any]) -> None:
        if {"quorum_numerator", "quorum_denominator"} & set(self.errors):
            return
        if (cleaned["quorum_numerator"] is None) != (cleaned["quorum_denominator"] is None):
            self.add_error("quorum_numerator", _("Give both numbers of the share, or none of them."))
        elif cleaned["quorum_numerator"] is not None:
            self.check_share("quorum")

    def check_share(self, prefix: str) -> None:
        if not {f"{prefix}_how", f"{prefix}_numerator", f"{prefix}_denominator"} <= set(self.cleaned_data):
            return
        share, strictly_more = self.share(prefix), self.is_strict(prefix)
        if share > 1:
            self.add_error(f"{prefix}_numerator", _("A share is at most the whole: the first number is the smaller."))
        elif not is_share(share, strictly_more=strictly_more):
            self.add_error(f"{prefix}_numerator", _("More than the whole is never reached: choose “at least”."))

    def share(self, prefix: str) -> Fraction:
        return Fraction(self.cleaned_data[f"{prefix}_numerator"], self.cleaned_data[f"{prefix}_denominator"])

    def is_strict(self, prefix: str) -> bool:
        return bool(self.cleaned_data[f"{prefix}_how"] == MORE_THAN)

    @property
    def steps_typed(self) -> list[dict[str, Any]]:
        return [
            {
                **step,
                "base": self.cleaned_data[f"step_{place}_base"],
                "share": str(self.share(f"step_{place}")),
                "strictly_more": self.is_strict(f"step_{place}"),
            }
            for place, step in enumerate(self.steps)
        ]

    @property
    def terms(self) -> dict[str, Any]:
        if not self.like.terms:
            return {}
        typed = {name: self.cleaned_data[name] for name in FLAGS}
        if "tie" in self.fields:
            typed["tie"] = self.cleaned_data["tie"]
        return {**self.like.terms, **typed, "steps": self.steps_typed}

    @property
    def content(self) -> dict[str, Any]:
        """The fields of a version, but the day; of a form whose rules are right, whatever its name is."""
        typed = self.cleaned_data
        return {
            "name": typed.get("name", ""),
            "body": "" if typed.get("body") == ANY_BODY else typed.get("body", ""),
            "source": typed.get("source", ""),
            "quorum_numerator": typed["quorum_numerator"],
            "quorum_denominator": typed["quorum_denominator"],
            "quorum_strictly_more": typed["quorum_numerator"] is not None and self.is_strict("quorum"),
            "terms": self.terms,
            "notice_days_regular": typed["notice_days_regular"],
            "notice_days_extraordinary": typed["notice_days_extraordinary"],
        }

    @property
    def draft(self) -> RuleSet | None:
        """What the version would be, not kept; None while something that it says is wrong."""
        if not self.is_bound:
            return self.like
        return None if self.wrong_in_rules else RuleSet(code=self.like.code, **self.content)

    @property
    def wrong_in_rules(self) -> list[str]:
        """The sentences for what keeps the rules from being looked at; a name may still be missing."""
        aside = {"name", "body", "source", "valid_from", "over_waiting", "seen", "members"}
        wrong = [
            str(error) if name == NON_FIELD_ERRORS else f"{self.line_of(name)}: {error}"
            for name, errors in self.errors.items()
            if name not in aside
            for error in errors
        ]
        return list(dict.fromkeys(wrong))

    def line_of(self, name: str) -> str:
        """Under which words a field stands: a share has several, and one legend."""
        if name.startswith("quorum_"):
            return quorum_legend()
        if name.startswith("step_"):
            return legend_of(self.steps[int(name.split("_")[1])])
        return str(self.fields[name].label)

    @property
    def how_many(self) -> int:
        return self.cleaned_data.get("members") or USUAL_MEMBERS if self.is_bound else USUAL_MEMBERS


def quorum_legend() -> str:
    return _("Quorum: who must be present")


def legend_of(step: dict[str, Any]) -> str:
    if step["outcome"] == "passed":
        return _("Majority: how many must be for")
    words = _("“%(choice)s”: %(outcome)s")
    return words % {"choice": CHOICES.get(step["counts"], step["counts"]), "outcome": OUTCOMES[step["outcome"]]}


def beginning_with(like: RuleSet) -> dict[str, Any]:
    """What the fields hold before anybody typed."""
    typed: dict[str, Any] = {
        "name": like.name,
        "body": like.body or ANY_BODY,
        "source": like.source,
        "quorum_how": MORE_THAN if like.quorum_strictly_more else AT_LEAST,
        "quorum_numerator": like.quorum_numerator,
        "quorum_denominator": like.quorum_denominator,
        "notice_days_regular": like.notice_days_regular,
        "notice_days_extraordinary": like.notice_days_extraordinary,
        "members": USUAL_MEMBERS,
        **{name: like.terms.get(name) for name in ("tie", *FLAGS)},
    }
    for place, step in enumerate(like.terms.get("steps", [])):
        share = Fraction(step["share"])
        typed |= {
            f"step_{place}_how": MORE_THAN if step["strictly_more"] else AT_LEAST,
            f"step_{place}_numerator": share.numerator,
            f"step_{place}_denominator": share.denominator,
            f"step_{place}_base": step["base"],
        }
    return typed


class EndingForm(PlainForm):
    """Until when a rule set is offered."""

    last_day = day_field(
        label=gettext_lazy("Last day on which they are offered"),
        needed=gettext_lazy("Say on which day the rules hold for the last time."),
    )


class CheckForm(PlainForm):
    """Who compared a version with the law, and when. A name that several have is answered with those to choose from."""

    words = WordsField(
        label=gettext_lazy("Checked by"),
        max_length=200,
        help_text=gettext_lazy("The name of the person, or the log-in name."),
        error_messages={"required": gettext_lazy("Say who checked it.")},
    )
    person = forms.ModelChoiceField(
        Person.objects.none(),
        label=gettext_lazy("Which of them"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the people below.")},
    )
    on = day_field(label=gettext_lazy("Checked on"), needed=gettext_lazy("Say on which day it was checked."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = list(people_called(str(self.data.get("words", "")))) if self.is_bound else []
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Person.objects.filter(pk__in=[one.pk for one in self.found])
        field.empty_label = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "words" in self.errors or cleaned.get("person"):
            return cleaned
        if not self.found:
            self.add_error("words", _("Nobody is called so. Write the name as it stands under “People”."))
        elif len(self.found) > 1:
            self.add_error("words", _("Several people are called so. Choose one below, or write more of the name."))
        else:
            cleaned["person"] = self.found[0]
        return cleaned


def people_called(words: str) -> list[Person]:
    """Whoever has that log-in name, else those whose name is exactly so, else those whose name holds each word."""
    typed = " ".join(words.replace("\x00", "").split())
    if not typed:
        return []
    active = Person.objects.filter(is_active=True).order_by("folded_name", "pk")
    found = active.named(typed)
    for nearer in (active.filter(username=typed.lower()), active.filter(full_name__iexact=typed)):
        if nearer.exists():
            found = nearer
            break
    return list(found[:FOUND])
