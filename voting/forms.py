"""What may be typed about a poll, and the sentence for what may not."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from meetings.models import AgendaItem, Meeting, RuleSet
from voting.ballot_papers import AND, IS, THEN
from voting.models import Elector, Poll
from voting.terms import Choice, Subject, own_choices, rule_sets_of, subjects_of, takes_sides

MOST_OWN_CHOICES, MOST_ON_A_LIST = 8, 40
MOST_MINUTES = 240
LONGEST_LINE = 120  # characters of a choice, a candidate or a person rated


class PollForm(forms.Form):
    """A question and how it is decided; by the kind of vote, its own choices, its candidates, or who is rated."""

    item = forms.ModelChoiceField(
        AgendaItem.objects.none(),
        label=_("agenda item"),
        error_messages={"invalid_choice": _("That item is no longer on the agenda: choose another.")},
    )
    question = forms.CharField(
        label=_("question"),
        max_length=400,
        error_messages={
            "required": _("Write the question that is put to the vote."),
            "max_length": _("The question has %(show_value)d characters; at most %(limit_value)d fit on a ballot."),
        },
    )
    rule_set = forms.ModelChoiceField(
        RuleSet.objects.none(),
        label=_("rule set"),
        empty_label=None,
        required=False,
        error_messages={"invalid_choice": _("These rules are not in force for this meeting: choose others.")},
    )
    kind = forms.ChoiceField(
        label=_("kind of vote"),
        choices=Poll.Kind,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the kinds of vote.")},
    )
    own_choices = forms.CharField(label=_("choices of one's own, one a line"), required=False, widget=forms.Textarea)
    candidates = forms.CharField(label=_("candidates, one a line"), required=False, widget=forms.Textarea)
    seats = forms.IntegerField(
        label=_("how many are chosen"),
        min_value=1,
        max_value=MOST_ON_A_LIST,
        required=False,
        error_messages={
            "invalid": _("Say in digits how many are chosen."),
            "min_value": _("At least one is chosen."),
            "max_value": _("At most %(limit_value)s are chosen in one vote."),
        },
    )
    subjects = forms.CharField(label=_("who is rated, one a line"), required=False, widget=forms.Textarea)
    minutes = forms.IntegerField(
        label=_("minutes until it closes by itself"),
        min_value=1,
        max_value=MOST_MINUTES,
        required=False,
        error_messages={
            "invalid": _("Say in digits after how many minutes the vote closes by itself, or leave it empty."),
            "min_value": _("A vote stays open for at least a minute."),
            "max_value": _("A vote stays open for at most %(limit_value)s minutes; left empty, it is closed by hand."),
        },
    )
    secrecy = forms.ChoiceField(label=_("kind of ballot"), choices=Poll.Secrecy, required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        keys = [rule_set.pk for rule_set in rule_sets_of(meeting)]
        narrow(self, "item", meeting.items.all())
        narrow(self, "rule_set", RuleSet.objects.filter(pk__in=keys))

    def clean_own_choices(self) -> list[Choice]:
        labels = lines_in(self.cleaned_data["own_choices"], most=MOST_OWN_CHOICES)
        if len(labels) == 1:
            raise forms.ValidationError(_("One choice is no choice: give at least two, or none."))
        return own_choices(labels)

    def clean_candidates(self) -> list[Choice]:
        return own_choices(lines_in(self.cleaned_data["candidates"], most=MOST_ON_A_LIST))

    def clean_subjects(self) -> list[Subject]:
        return subjects_of(lines_in(self.cleaned_data["subjects"], most=MOST_ON_A_LIST))

    @property
    def terms(self) -> dict[str, Any]:
        """What the actions want to know; what was typed for another kind of vote is left aside."""
        typed = self.cleaned_data
        kind = typed["kind"] or Poll.Kind.QUESTION
        options = {Poll.Kind.QUESTION: typed["own_choices"], Poll.Kind.ELECTION: typed["candidates"]}
        return {
            "question": typed["question"],
            "rule_set": self.rule_set_for(kind),
            "kind": kind,
            "options": options.get(kind, []),
            "subjects": typed["subjects"] if kind == Poll.Kind.RATING else [],
            "seats": typed["seats"] if kind == Poll.Kind.ELECTION else None,
            "open_seconds": typed["minutes"] * 60 if typed["minutes"] else None,
            "secrecy": typed["secrecy"] or Poll.Secrecy.NAMED,
        }

    def rule_set_for(self, kind: str) -> RuleSet:
        """The one chosen; where it has no levels of confidence and some are needed, the first that has."""
        chosen = self.cleaned_data["rule_set"] or self.meeting.rule_set
        if kind == Poll.Kind.RATING and takes_sides(chosen):
            return next((one for one in rule_sets_of(self.meeting) if not takes_sides(one)), chosen)
        return chosen


def typed_for(poll: Poll) -> dict[str, Any]:
    """What stands in the fields when a prepared poll is to be changed."""
    choices = "\n".join(option["label"] for option in poll.options)
    return {
        "question": poll.question,
        "rule_set": poll.rule_set_id,
        "kind": poll.kind,
        "own_choices": choices if poll.kind == Poll.Kind.QUESTION else "",
        "candidates": choices if poll.kind == Poll.Kind.ELECTION else "",
        "seats": poll.seats,
        "subjects": "\n".join(subject["label"] for subject in poll.subjects),
        "minutes": poll.open_seconds // 60 if poll.open_seconds else None,
    }


def lines_in(text: str, *, most: int) -> list[str]:
    labels = [line.strip() for line in text.splitlines() if line.strip()]
    for number, label in enumerate(labels, start=1):
        if len(label) > LONGEST_LINE:
            words = _("Line %(number)d has %(length)d characters; at most %(most)d fit on a ballot.")
            raise forms.ValidationError(words % {"number": number, "length": len(label), "most": LONGEST_LINE})
    if len(labels) > most:
        raise forms.ValidationError(_("At most %(most)d choices fit on a ballot.") % {"most": most})
    if len(set(labels)) < len(labels):
        raise forms.ValidationError(_("Two choices read the same."))
    return labels


class AloudForm(forms.Form):
    """Whose vote the secretary writes down, and what it was."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("member"), error_messages={"required": _("Choose whose vote you write down.")}
    )

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.poll = poll
        on_the_roll = Elector.objects.filter(poll=poll).values("person")
        narrow(self, "person", Person.objects.filter(pk__in=on_the_roll))

    def clean(self) -> dict[str, Any]:
        """The ballot stands in fields of its own: one choice, several, or a level under each person's key."""
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = self.chosen()
        if not chosen:
            raise forms.ValidationError(_("Choose what was said."))
        return cleaned | {"choice": chosen}

    def chosen(self) -> str:
        if self.poll.kind == Poll.Kind.RATING:
            levels = {subject["key"]: self.data.get(subject["key"], "") for subject in self.poll.subjects}
            return THEN.join(f"{key}{IS}{level}" for key, level in levels.items() if level)
        named = self.data.getlist("choice") if hasattr(self.data, "getlist") else [self.data.get("choice", "")]
        return AND.join(one for one in named if one)


def narrow(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """Let the field take none but these rows."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
