"""Forms of preparing and holding a meeting: what may be typed, and the sentence for what may not."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.days import refuse_far_day
from accounts.models import Organisation, Person
from meetings.models import (
    LONGEST_CONCLUSION,
    AgendaItem,
    Meeting,
    MeetingSeries,
    Participant,
    RuleSet,
    TimeCorrection,
)
from meetings.rules import organisations_prepared_by
from meetings.series_rules import version_on

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_MEETING_MINUTES = 7 * 24 * 60  # a council may sit for days
LONGEST_ITEM_MINUTES = 24 * 60
USUAL_BEGIN = time(8, 0)
USUAL_LEAD = timedelta(days=7)


def capitalise(field: forms.ChoiceField) -> None:
    """Write choices as they stand alone: "Thường kỳ", not "thường kỳ"."""
    choices = cast("Iterable[tuple[str, str]]", field.choices)
    field.choices = [(value, capfirst(str(label))) for value, label in choices]


class PlainForm(forms.Form):
    """Gives every widget the look of the house."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect):
                field.widget.attrs.setdefault("class", "input")
            if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
                capitalise(field)

    def offer(self, name: str, rows: QuerySet[Any], *, none: str | None = None) -> None:
        """Let the field choose among these rows; `none` is what stands for no choice."""
        field = cast("forms.ModelChoiceField[Any]", self.fields[name])
        field.queryset, field.empty_label = rows, none


class DateAndTime(forms.SplitDateTimeWidget):
    """A day and a time of day, typed as offices write them.

    The browser's own fields follow the language of the machine, and 11/12 on an English one is another day; the element
    day-field adds a calendar.
    """

    def __init__(self) -> None:
        plain = {"class": "input", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            date_format="%d/%m/%Y",
            time_format="%H:%M",
            date_attrs={**plain, "placeholder": "31/12/2026", "aria-label": cast("str", gettext_lazy("Day"))},
            time_attrs={**plain, "placeholder": "08:30", "aria-label": cast("str", gettext_lazy("Time"))},
        )


def minutes_field(*, most: int, label: "StrOrPromise") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=most,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "min_value": gettext_lazy("A length is at least 1 minute."),
            "max_value": gettext_lazy("That is too long: at most %(limit_value)s minutes."),
            "invalid": gettext_lazy("Give the minutes as a whole number, such as 30."),
        },
    )


class MeetingForm(PlainForm, forms.ModelForm):
    """Title, time, length and place of a meeting."""

    starts_at = forms.SplitDateTimeField(
        label=gettext_lazy("Begins"),
        widget=DateAndTime(),
        validators=[refuse_far_day],
        error_messages={
            "invalid_date": gettext_lazy("Give the day as 28/11/2026."),
            "invalid_time": gettext_lazy("Give the time as 08:30."),
            "required": gettext_lazy("Say on which day and at what time the meeting begins."),
        },
    )
    planned_minutes = minutes_field(most=LONGEST_MEETING_MINUTES, label=gettext_lazy("Planned length"))

    class Meta:
        model = Meeting
        fields = ("title", "kind", "starts_at", "planned_minutes", "mode", "place", "rule_set")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].label = _("Title of the meeting")
        self.fields["kind"].label = _("Kind")
        self.fields["title"].error_messages["required"] = _("Give the meeting a title.")
        starts_at = self.instance.starts_at or self.get_initial_for_field(self.fields["starts_at"], "starts_at")
        day = timezone.localdate(starts_at) if starts_at else timezone.localdate()
        self.offer_rules(rule_sets_in_force(kept=self.instance.rule_set_id, on=day))
        if self.instance.has_begun:
            for name in ("starts_at", "rule_set"):
                self.fields[name].disabled = True

    def offer_rules(self, rows: QuerySet[RuleSet]) -> None:
        self.offer("rule_set", rows)
        field = cast("forms.ModelChoiceField[RuleSet]", self.fields["rule_set"])
        field.label_from_instance = rules_in_words  # type: ignore[method-assign,assignment]

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_starts_at(self) -> datetime:
        """The form shows minutes; what is the same minute is the same time, also where the stored one is finer."""
        typed: datetime = self.cleaned_data["starts_at"]
        kept: datetime | None = self.instance.starts_at
        return (
            kept if kept and kept.replace(second=0, microsecond=0) == typed.replace(second=0, microsecond=0) else typed
        )


class NewMeetingForm(MeetingForm):
    """A new meeting, of a series or by itself."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Organisation"), empty_label=None
    )

    field_order = ("organisation", "title")

    def __init__(self, *args: Any, by: Person, series: MeetingSeries | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", suggested(series))
        super().__init__(*args, **kwargs)
        units = organisations_prepared_by(by)
        self.offer("organisation", units.filter(pk=series.organisation_id) if series else units)


def suggested(series: MeetingSeries | None) -> dict[str, Any]:
    """What the form starts with: a week ahead in the morning, and what the series knows."""
    day = timezone.localdate() + USUAL_LEAD
    starts_at = timezone.make_aware(datetime.combine(day, USUAL_BEGIN))
    if series is None:
        return {"starts_at": starts_at, "planned_minutes": 120}
    title = _("%(series)s, %(month)d/%(year)d") % {"series": series.name, "month": day.month, "year": day.year}
    return {
        "starts_at": starts_at,
        "title": title,
        "kind": series.kind,
        "place": series.place,
        "planned_minutes": series.planned_minutes,
        "rule_set": version_on(series.rule_set, day).pk,
        "organisation": series.organisation_id,
    }


def rule_sets_in_force(*, on: date, kept: int | None = None) -> QuerySet[RuleSet]:
    """Those of today and of the day of the meeting, and the one that a meeting has already, which may have run out."""
    holding = in_force(timezone.localdate()) | in_force(on)
    return RuleSet.objects.filter(holding | Q(pk=kept)).order_by("name", "-version")


def in_force(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day))


def rules_in_words(rule_set: RuleSet) -> str:
    """The name; of a version that does not hold today also when it does, for two versions have one name."""
    today = timezone.localdate()
    if rule_set.valid_from > today:
        words = _("%(rules)s (from %(first)s on)")
        return words % {"rules": rule_set.name, "first": date_format(rule_set.valid_from, "d/m/Y")}
    if rule_set.valid_until is not None and rule_set.valid_until < today:
        words = _("%(rules)s (until %(last)s)")
        return words % {"rules": rule_set.name, "last": date_format(rule_set.valid_until, "d/m/Y")}
    return rule_set.name


class ItemForm(PlainForm, forms.ModelForm):
    """One item of the agenda; presenters and those admitted come from the people of the meeting."""

    planned_minutes = minutes_field(most=LONGEST_ITEM_MINUTES, label=gettext_lazy("Minutes"))

    class Meta:
        model = AgendaItem
        fields = ("title", "planned_minutes", "presenter", "submitting_unit", "is_closed", "admitted")
        widgets = {"admitted": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(participations__meeting=meeting)
        self.fields["title"].label = _("Title of the item")
        self.fields["title"].error_messages["required"] = _("Give the item a title.")
        self.offer("presenter", people, none=_("not said yet"))
        self.offer("submitting_unit", Organisation.objects.within([meeting.organisation_id]), none=_("not said yet"))
        self.offer("admitted", people)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("is_closed") and not cleaned.get("admitted"):
            self.add_error("admitted", _("Name those who are admitted to the closed item."))
        if not cleaned.get("is_closed"):
            cleaned["admitted"] = []
        return cleaned


class NewItemForm(PlainForm):
    """The quick line under the agenda: title, minutes, presenter; the rest is said when the item is opened."""

    title = forms.CharField(
        label=gettext_lazy("New item"),
        max_length=300,
        error_messages={"required": gettext_lazy("Give the item a title.")},
    )
    planned_minutes = minutes_field(most=LONGEST_ITEM_MINUTES, label=gettext_lazy("Minutes"))
    parent = forms.ModelChoiceField(AgendaItem.objects.none(), label=gettext_lazy("Part of item"), required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"planned_minutes": 15})
        super().__init__(*args, **kwargs)
        self.offer("parent", meeting.items.filter(parent=None), none=_("an item of its own"))

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class PlaceForm(forms.Form):
    """The new place of an item among its siblings, from 1."""

    to = forms.IntegerField(min_value=1)


class UnitForm(PlainForm):
    """Invite everybody in office in a unit."""

    unit = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Unit"), empty_label=gettext_lazy("choose a unit")
    )
    role = forms.ChoiceField(
        label=gettext_lazy("As"), choices=Participant.Role.choices, initial=Participant.Role.MEMBER
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("unit", Organisation.objects.open_on(timezone.localdate()), none=_("choose a unit"))


class PersonForm(PlainForm):
    """Invite one person."""

    person = forms.ModelChoiceField(Person.objects.filter(is_active=True))
    role = forms.ChoiceField(choices=Participant.Role.choices, initial=Participant.Role.INVITEE)


class ParticipantForm(PlainForm):
    """One thing about a participant at a time: what is not sent stays as it is."""

    role = forms.ChoiceField(choices=Participant.Role.choices, required=False)
    has_vote = forms.ChoiceField(choices=[("yes", ""), ("no", "")], required=False)

    def __init__(self, *args: Any, participant: Participant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participant = participant

    def clean_has_vote(self) -> str:
        answer: str = self.cleaned_data["has_vote"]
        if answer == "yes" and self.participant.role in {Participant.Role.INVITEE, Participant.Role.OBSERVER}:
            raise forms.ValidationError(_("Invitees and observers have no vote; choose another role first."))
        return answer

    def changes(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.cleaned_data["role"]:
            found["role"] = self.cleaned_data["role"]
        if self.cleaned_data["has_vote"]:
            found["has_vote"] = self.cleaned_data["has_vote"] == "yes"
        return found


class ReasonForm(PlainForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=240, error_messages={"required": gettext_lazy("Say why.")}
    )


class FloorForm(PlainForm):
    """Who is given the floor, and for how long."""

    participant = forms.ModelChoiceField(
        Participant.objects.none(),
        error_messages={
            "required": gettext_lazy("Choose who speaks."),
            "invalid_choice": gettext_lazy("That person does not take part in this meeting."),
        },
    )
    minutes = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=240,
        error_messages={
            name: gettext_lazy("Give the time to speak as minutes, from 1 to 240.")
            for name in ("invalid", "min_value", "max_value")
        },
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = cast("forms.ModelChoiceField[Participant]", self.fields["participant"])
        people.queryset = meeting.participants.select_related("person")

    @property
    def allotted_seconds(self) -> int | None:
        minutes: int | None = self.cleaned_data["minutes"]
        return minutes * 60 if minutes else None


class ConclusionForm(PlainForm):
    """What is typed, and the revision it was typed over."""

    text = forms.CharField(
        label=gettext_lazy("Conclusion"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST_CONCLUSION}),
        error_messages={
            "null_characters_not_allowed": gettext_lazy(
                "The text contains a character that cannot be kept. Type it again."
            )
        },
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class AdjournmentForm(PlainForm):
    resumes_at = forms.SplitDateTimeField(
        label=gettext_lazy("The session goes on"),
        required=False,
        widget=DateAndTime(),
        validators=[refuse_far_day],
        help_text=gettext_lazy("May be left empty if it is not known yet."),
        error_messages={
            "invalid_date": gettext_lazy("Give the day as 28/11/2026."),
            "invalid_time": gettext_lazy("Give the time as 08:30."),
        },
    )


class TimeCorrectionForm(PlainForm):
    which = forms.ChoiceField(label=gettext_lazy("What is corrected"), choices=TimeCorrection.Which.choices)
    value = forms.SplitDateTimeField(
        label=gettext_lazy("Correct time"),
        widget=DateAndTime(),
        validators=[refuse_far_day],
        error_messages={
            "invalid_date": gettext_lazy("Give the day as 28/11/2026."),
            "invalid_time": gettext_lazy("Give the time as 08:30."),
            "required": gettext_lazy("Give the day and the time."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=240,
        help_text=gettext_lazy("Stands in the record beside the measured time, with your name."),
        error_messages={"required": gettext_lazy("Say why the time is corrected.")},
    )


class PairingForm(PlainForm):
    code = forms.CharField(
        label=gettext_lazy("Code on the wall"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Type the six letters that the wall shows.")},
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].upper().split())


class FilterForm(PlainForm):
    """What the list of meetings shows."""

    words = forms.CharField(label=gettext_lazy("Words in the title"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = cast("forms.ChoiceField", self.fields["state"])
        states.choices = [("", _("All")), *Meeting.State.choices]
        capitalise(states)
