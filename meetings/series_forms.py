"""Forms of a series of meetings: what may be typed, and the sentence for what may not."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, Person
from meetings.forms import PlainForm, minutes_field
from meetings.models import MeetingSeries, Participant, RuleSet, SeriesMember
from meetings.rules import organisations_prepared_by
from meetings.series import LONGEST_LINE_MINUTES, LONGEST_LINE_TITLE, LONGEST_MEETING_MINUTES
from meetings.series_rules import rule_sets_for


class SeriesForm(PlainForm, forms.ModelForm):
    """Name, unit, kind, rules, room and length of a series."""

    planned_minutes = minutes_field(most=LONGEST_MEETING_MINUTES, label=gettext_lazy("Planned length"))

    class Meta:
        model = MeetingSeries
        fields = ("organisation", "name", "kind", "planned_minutes", "place", "rule_set")

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = organisations_prepared_by(by)
        self.fields["name"].label = _("Name of the series")
        self.fields["name"].error_messages["required"] = _("Give the series a name.")
        self.fields["rule_set"].error_messages["required"] = _("Choose the rules that hold for the meetings.")
        self.offer("organisation", units)
        if self.instance.pk is None:
            self.offer("rule_set", rule_sets_for(*units.values_list("kind", flat=True)))
            return
        if self.instance.meetings.exists():
            del self.fields["organisation"]
        kept = RuleSet.objects.filter(pk=self.instance.rule_set_id)
        kinds = {self.instance.organisation.kind, *units.values_list("kind", flat=True)}
        fitting = rule_sets_for(*(kinds if "organisation" in self.fields else {self.instance.organisation.kind}))
        self.offer("rule_set", (fitting | kept).distinct())

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def validate_unique(self) -> None:
        """The action asks, with the row of the unit locked."""


class MembersForm(PlainForm):
    """Several people at once, in one role."""

    people = forms.ModelMultipleChoiceField(
        Person.objects.filter(is_active=True),
        error_messages={"required": gettext_lazy("Choose at least one person.")},
    )
    role = forms.ChoiceField(
        label=gettext_lazy("As"), choices=Participant.Role.choices, initial=Participant.Role.MEMBER
    )


class RoleForm(PlainForm):
    role = forms.ChoiceField(choices=Participant.Role.choices)


class MemberForm(PlainForm, forms.ModelForm):
    """What one person is in every meeting of the series."""

    role = forms.ChoiceField(label=gettext_lazy("Role in the meeting"), choices=Participant.Role.choices)

    class Meta:
        model = SeriesMember
        fields = ("role", "has_vote", "is_head", "title", "organisation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["has_vote"].label = _("Has a vote")
        self.fields["is_head"].label = _("Head of the body: decides when votes are equal")
        self.fields["title"].label = _("Position")
        self.fields["organisation"].label = _("Unit")
        self.offer("organisation", Organisation.objects.all(), none=_("not said yet"))


class LineForm(PlainForm):
    """One line of the agenda template."""

    title = forms.CharField(
        label=gettext_lazy("Title of the item"),
        max_length=LONGEST_LINE_TITLE,
        error_messages={"required": gettext_lazy("Give the item a title.")},
    )
    planned_minutes = minutes_field(most=LONGEST_LINE_MINUTES, label=gettext_lazy("Minutes"))
