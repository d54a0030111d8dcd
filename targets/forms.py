"""What is asked of readers and keepers of figures."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import sheets
from accounts.forms import AdministrationForm, UnitField, day_field
from accounts.models import Organisation, Person
from meetings.models import MeetingSeries
from targets import rules
from targets.actions import MOST_LEARNING_MONTHS, HeldSession
from targets.models import LEARNING_MONTHS, BaselineSession
from targets.queries import Phase, Scope

TIME_FORMATS = ["%H:%M", "%H:%M:%S", "%Hh%M", "%H.%M", "%Hh"]
PROOF_LIMIT_BYTES = 20 * 1024 * 1024
# What a scan may be is decided by its first bytes, never by its name.
PROOF_STARTS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


def time_field(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        input_formats=TIME_FORMATS,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={
            "required": gettext_lazy("Give the time, as 08:30."),
            "invalid": gettext_lazy("This is no time of day; write it as 08:30."),
        },
    )


# -- Reading -----------------------------------------------------------------------------------------------------------


class ScopeForm(AdministrationForm):
    """Which units, series and period one looks at; nothing chosen is everything one may read."""

    unit = UnitField(label=gettext_lazy("Unit"), queryset=Organisation.objects.none(), required=False)
    series = forms.ModelChoiceField(
        label=gettext_lazy("Series of sessions"),
        queryset=MeetingSeries.objects.none(),
        required=False,
        empty_label=gettext_lazy("All"),
    )
    first = day_field(label=gettext_lazy("In use from"), required=False)
    last = day_field(label=gettext_lazy("until"), required=False)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        units = rules.units_read_by(by)
        self.offer_units("unit", units, _("All"))
        self.fields["series"].queryset = MeetingSeries.objects.filter(  # type: ignore[attr-defined]
            organisation__in=units.values("pk")
        ).order_by("name")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("first") and found.get("last") and found["last"] < found["first"]:
            self.add_error("last", _("The period would end before it begins."))
        return found

    def scope(self) -> Scope:
        chosen = self.cleaned_data
        return Scope(
            person=self.by,
            unit=chosen.get("unit"),
            series=chosen.get("series"),
            first=chosen.get("first"),
            last=chosen.get("last"),
        )


class SessionsForm(ScopeForm):
    """Which of the sessions: one phase, one level, one month, or one single session."""

    phase = forms.ChoiceField(
        label=gettext_lazy("Phase"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            (Phase.BEFORE.value, gettext_lazy("before the system")),
            (Phase.LEARNING.value, gettext_lazy("learning months")),
            (Phase.AFTER.value, gettext_lazy("in use")),
            ("compared", gettext_lazy("all that are compared")),
            ("corrected", gettext_lazy("with a corrected time")),
            ("too_short", gettext_lazy("left out: too short")),
        ],
    )
    level = forms.IntegerField(required=False, widget=forms.HiddenInput)
    month = forms.RegexField(r"^\d{4}-\d{2}$", required=False, widget=forms.HiddenInput)
    only = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)


class MembersForm(AdministrationForm):
    """Whose presence, words and votes, and of which period."""

    unit = UnitField(label=gettext_lazy("Unit"), queryset=Organisation.objects.none())
    first = day_field(label=gettext_lazy("From"), required=False)
    last = day_field(label=gettext_lazy("until"), required=False)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_units("unit", rules.units_read_by(by))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("first") and found.get("last") and found["last"] < found["first"]:
            self.add_error("last", _("The period would end before it begins."))
        return found


# -- Keeping -----------------------------------------------------------------------------------------------------------


class WindowForm(AdministrationForm):
    """When the system was first used, and from when on sessions before it are taken."""

    start_of_use = day_field(
        label=gettext_lazy("First day of use"),
        help_text=gettext_lazy("From this day on the series was held with the system. The window ends the day before."),
    )
    window_from = day_field(
        label=gettext_lazy("Sessions before are taken from"),
        help_text=gettext_lazy("12 to 24 months before the first day of use."),
    )
    learning_months = forms.IntegerField(
        label=gettext_lazy("Learning months"),
        min_value=0,
        max_value=MOST_LEARNING_MONTHS,
        initial=LEARNING_MONTHS,
        help_text=gettext_lazy("So many months at the beginning are shown but left out. Decided in advance."),
    )


class NewBaselineForm(WindowForm):
    series = forms.ModelChoiceField(
        label=gettext_lazy("Series of sessions"),
        queryset=MeetingSeries.objects.none(),
        error_messages={
            "required": gettext_lazy("Choose the series."),
            "invalid_choice": gettext_lazy("Choose one of the series of your units that has no baseline yet."),
        },
    )
    field_order = ("series", "start_of_use", "window_from", "learning_months")

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        without = MeetingSeries.objects.filter(
            organisation__in=rules.units_kept_by(by).values("pk"), baseline__isnull=True
        )
        self.fields["series"].queryset = without.select_related("organisation")  # type: ignore[attr-defined]
        self.fields["series"].label_from_instance = lambda one: f"{one.name} · {one.organisation.short_name}"  # type: ignore[attr-defined]


class SessionForm(AdministrationForm):
    """One session as its minutes tell it."""

    day = day_field(label=gettext_lazy("Day"))
    began = time_field(gettext_lazy("Begin"))
    ended = time_field(gettext_lazy("End"))
    until = day_field(
        label=gettext_lazy("Ended on"), required=False, help_text=gettext_lazy("Only if it went on for several days.")
    )
    pause_minutes = forms.IntegerField(
        label=gettext_lazy("Pauses in minutes"),
        required=False,
        min_value=0,
        max_value=32000,
        help_text=gettext_lazy("Breaks; between several days the nights too."),
    )
    items_count = forms.IntegerField(label=gettext_lazy("Items"), required=False, min_value=0, max_value=500)
    participants_count = forms.IntegerField(
        label=gettext_lazy("People present"), required=False, min_value=0, max_value=5000
    )
    source = forms.CharField(
        label=gettext_lazy("Number of the minutes"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give the number of the minutes, so that they can be looked up.")},
    )
    proof = forms.FileField(
        label=gettext_lazy("Scanned minutes"),
        required=False,
        help_text=gettext_lazy("PDF, PNG or JPEG, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )

    def __init__(self, *args: Any, session: BaselineSession | None = None, **kwargs: Any) -> None:
        if session is not None:
            kwargs["initial"] = typed_again(session)
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if (
            all(found.get(name) is not None for name in ("day", "began", "ended"))
            and self.held().ended_at <= self.held().began_at
        ):
            self.add_error("ended", _("The session would end before it begins."))
        return found

    def clean_proof(self) -> Any:
        proof = self.cleaned_data.get("proof")
        if not proof:
            return None
        if proof.size > PROOF_LIMIT_BYTES:
            raise ValidationError(_("The file is too large: at most 20 MB."))
        if kind_of_proof(proof) is None:
            raise ValidationError(_("Only PDF, PNG and JPEG files are taken as scanned minutes."))
        return proof

    def held(self) -> HeldSession:
        return held_session(self.cleaned_data)


def held_session(typed: dict[str, Any]) -> HeldSession:
    day: date = typed["day"]
    return HeldSession(
        began_at=moment(day, typed["began"]),
        ended_at=moment(typed.get("until") or day, typed["ended"]),
        source=typed.get("source", ""),
        pause_minutes=typed.get("pause_minutes") or 0,
        items_count=typed.get("items_count"),
        participants_count=typed.get("participants_count"),
    )


def moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def typed_again(session: BaselineSession) -> dict[str, Any]:
    began, ended = timezone.localtime(session.began_at), timezone.localtime(session.ended_at)
    return {
        "day": began.date(),
        "began": began.time(),
        "ended": ended.time(),
        "until": ended.date() if ended.date() != began.date() else None,
        "pause_minutes": session.pause_minutes or None,
        "items_count": session.items_count,
        "participants_count": session.participants_count,
        "source": session.source,
    }


def kind_of_proof(file: Any) -> str | None:
    """Return pdf, png or jpg by the first bytes, or None."""
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    return next((kind for begin, kind in PROOF_STARTS.items() if start.startswith(begin)), None)


class FreezingForm(AdministrationForm):
    """How many sessions the register says were held, and the sentence that is signed."""

    declared_sessions = forms.IntegerField(
        label=gettext_lazy("Sessions in the register of minutes"),
        min_value=1,
        max_value=2000,
        help_text=gettext_lazy("Count them in the register itself, not here: the two numbers must agree."),
        error_messages={"required": gettext_lazy("Give the number of all sessions of the window.")},
    )
    remark = forms.CharField(
        label=gettext_lazy("Remark"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What a reader should know: where the numbers come from, why months are empty."),
    )


class TableForm(AdministrationForm):
    """A table of sessions."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("XLSX or CSV, at most 1000 sessions."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "missing": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty. Choose another one."),
        },
    )

    def clean_file(self) -> sheets.Rows:
        """Return the rows of the file; it is read by a child program."""
        try:
            return sheets.read_table(self.cleaned_data["file"].read(sheets.LIMIT_BYTES + 1))
        except sheets.UnreadableFile as unreadable:
            raise ValidationError(sentence_for(unreadable.code)) from unreadable


def sentence_for(code: str) -> str:
    sentences = {
        "empty": _("The file holds no rows. Choose another one."),
        "too_large": _("The file is too large: at most 2 MB. Divide it into several."),
        "too_many_rows": _("The file has more than 1000 sessions. Divide it into several."),
        "not_a_table": _("This is no table that can be read. Save it as XLSX or as CSV (UTF-8) and try again."),
        "encoding": _("The letters of this file cannot be read. Save it as XLSX or as CSV (UTF-8) and try again."),
    }
    return sentences[code]
