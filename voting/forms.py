"""What may be typed about a poll, and the sentence for what may not."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from meetings.models import AgendaItem, Meeting, RuleSet
from voting.models import Elector, Poll
from voting.terms import Choice, own_choices, rule_sets_of

MOST_OWN_CHOICES = 8


class PollForm(forms.Form):
    """A question, the rules it is decided by, and choices of one's own, one a line, if it is not for or against."""

    item = forms.ModelChoiceField(AgendaItem.objects.none(), label=_("agenda item"))
    question = forms.CharField(
        label=_("question"),
        max_length=400,
        error_messages={"required": _("Write the question that is put to the vote.")},
    )
    rule_set = forms.ModelChoiceField(RuleSet.objects.none(), label=_("rule set"), empty_label=None, required=False)
    own_choices = forms.CharField(label=_("choices of one's own, one a line"), required=False, widget=forms.Textarea)
    secrecy = forms.ChoiceField(label=_("kind of ballot"), choices=Poll.Secrecy, required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        keys = [rule_set.pk for rule_set in rule_sets_of(meeting)]
        narrow(self, "item", meeting.items.all())
        narrow(self, "rule_set", RuleSet.objects.filter(pk__in=keys))

    def clean_own_choices(self) -> list[Choice]:
        labels = [line.strip()[:120] for line in self.cleaned_data["own_choices"].splitlines() if line.strip()]
        if len(labels) == 1:
            raise forms.ValidationError(_("One choice is no choice: give at least two, or none."))
        if len(labels) > MOST_OWN_CHOICES:
            raise forms.ValidationError(_("At most %(most)d choices fit on a ballot.") % {"most": MOST_OWN_CHOICES})
        if len(set(labels)) < len(labels):
            raise forms.ValidationError(_("Two choices read the same."))
        return own_choices(labels)

    @property
    def terms(self) -> dict[str, Any]:
        """What the actions want to know."""
        return {
            "question": self.cleaned_data["question"],
            "rule_set": self.cleaned_data["rule_set"] or self.meeting.rule_set,
            "options": self.cleaned_data["own_choices"],
            "secrecy": self.cleaned_data["secrecy"] or Poll.Secrecy.NAMED,
        }


class AloudForm(forms.Form):
    """Whose vote the secretary writes down, and what it was."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("member"), error_messages={"required": _("Choose whose vote you write down.")}
    )
    choice = forms.CharField(label=_("vote"), error_messages={"required": _("Choose what was said.")})

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on_the_roll = Elector.objects.filter(poll=poll).values("person")
        narrow(self, "person", Person.objects.filter(pk__in=on_the_roll))


def narrow(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """Let the field take none but these rows."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
