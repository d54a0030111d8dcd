"""Forms of administration: what may be typed, and the sentence for what may not."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts import rules, sheets
from accounts.actions import Office
from accounts.days import refuse_far_day
from accounts.models import Organisation, OrganisationLevel, OrganisationQuerySet, OrganisationRole, Person, Position
from accounts.queries import LOGIN_ACTS, tree_lines
from accounts.usernames import cleaned_username

INDENT = "\u2003"  # an option of a select keeps no other blank at its beginning
STATES_OF_ACCOUNTS = (
    ("", gettext_lazy("everybody")),
    ("open", gettext_lazy("may log in")),
    ("no_password", gettext_lazy("no password yet")),
    ("none", gettext_lazy("no account")),
    ("closed", gettext_lazy("account closed")),
)
WORDS_OF_LOGIN_ACTS = {
    "logged_in": gettext_lazy("logged in"),
    "login_failed": gettext_lazy("wrong password"),
    "logged_out": gettext_lazy("logged out"),
    "password_changed": gettext_lazy("changed the password"),
}


class AdministrationForm(forms.Form):
    """Gives every widget the look of the house. It asks for no errors: subclasses narrow their choices first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput | forms.RadioSelect):
                field.widget.attrs.setdefault("class", "input")

    def offer_units(self, name: str, units: OrganisationQuerySet, empty: str | None = None) -> None:
        field: Any = self.fields[name]
        field.offer(units, empty)


class WordsField(forms.CharField):
    """A line of text whose blanks are single."""

    def clean(self, value: Any) -> str:
        return " ".join(super().clean(value).split())


class UnitField(forms.ModelChoiceField):
    """One of the given units, shown as the tree they form."""

    def offer(self, units: OrganisationQuerySet, empty: str | None = None) -> None:
        self.queryset = units
        lines = tree_lines(units.select_related("level"))
        choices = [(line.organisation.pk, INDENT * line.depth + line.organisation.name) for line in lines]
        self.choices = choices if empty is None else [("", empty), *choices]


def day_field(*, label: Any, required: bool = True, needed: Any = "", help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        validators=[refuse_far_day],
        error_messages={
            "required": needed or gettext_lazy("Give the day."),
            "invalid": gettext_lazy("Give the day as 28/11/2026."),
        },
    )


# -- Units -------------------------------------------------------------------------------------------------------------


class UnitForm(AdministrationForm, forms.ModelForm):
    """Name, kind, level and place in the tree of a unit."""

    name = WordsField(
        label=pgettext_lazy("unit", "Name"),
        max_length=200,
        help_text=gettext_lazy("In full, as it stands in documents: Ủy ban nhân dân xã An Lĩnh."),
        error_messages={"required": gettext_lazy("Give the name of the unit.")},
    )
    short_name = WordsField(
        label=gettext_lazy("Short name"),
        max_length=80,
        help_text=gettext_lazy("For lists and titles: UBND xã An Lĩnh."),
        error_messages={"required": gettext_lazy("Give a short name for lists.")},
    )
    parent = UnitField(
        Organisation.objects.none(),
        label=gettext_lazy("Stands below"),
        required=False,
        error_messages={
            "required": gettext_lazy("Choose the unit above it."),
            "invalid_choice": gettext_lazy("Choose a unit that you administer and that is open."),
        },
    )
    opened_on = day_field(label=gettext_lazy("Opened on"), required=False)

    class Meta:
        model = Organisation
        fields = ("name", "short_name", "kind", "level", "parent", "opened_on")

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.instance
        self.fields["kind"].label, self.fields["level"].label = pgettext("unit", "Kind"), _("Level")
        level: Any = self.fields["level"]
        level.empty_label = _("no level")
        units = rules.administered_by(by).filter(closed_on=None)
        top = _("nothing: it stands at the top") if rules.is_system_admin(by) else None
        if own.pk and not rules.may_place(by, own):
            del self.fields["parent"]
        else:
            self.fields["parent"].required = top is None
            self.offer_units("parent", units.exclude(pk=own.pk) if own.pk else units, empty=top)

    def clean_parent(self) -> Organisation | None:
        """The tree is no ring: a unit never stands below itself."""
        parent: Organisation | None = self.cleaned_data["parent"]
        if parent and self.instance.pk and self.instance.pk in rules.line_above(parent):
            words = {"unit": self.instance.name, "other": parent.name}
            raise ValidationError(_("%(other)s stands below %(unit)s itself. Choose a unit outside.") % words)
        return parent


class ClosingForm(AdministrationForm):
    on = day_field(
        label=gettext_lazy("Closed from"),
        needed=gettext_lazy("Say from which day on the unit is closed."),
        help_text=gettext_lazy("Offices held in it end the day before."),
    )


class MergerForm(AdministrationForm):
    into = UnitField(
        Organisation.objects.none(),
        label=gettext_lazy("Merged into"),
        error_messages={
            "required": gettext_lazy("Say into which unit it is merged."),
            "invalid_choice": gettext_lazy("Choose a unit that you administer and that is open."),
        },
    )
    on = day_field(
        label=gettext_lazy("In force from"), needed=gettext_lazy("Say from which day on the merger is in force.")
    )
    take_people = forms.BooleanField(
        label=gettext_lazy("The people in office hold the same position in the other unit"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, by: Person, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        below = Organisation.objects.within([organisation.pk]).values("pk")
        others = rules.administered_by(by).filter(closed_on=None).exclude(pk__in=below)
        self.offer_units("into", others, empty=_("choose a unit"))


# -- People ------------------------------------------------------------------------------------------------------------


class PersonForm(AdministrationForm, forms.ModelForm):
    """Name, log-in name and addresses of a person."""

    full_name = WordsField(
        label=gettext_lazy("Full name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give the full name.")},
    )
    username = forms.CharField(
        label=gettext_lazy("Log-in name"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Without accents, such as le-hoang-cuong. Left empty: the person has no account."),
    )

    class Meta:
        model = Person
        fields = ("full_name", "username", "email", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label, self.fields["phone"].label = _("E-mail"), _("Telephone")
        for name in ("username", "email", "phone"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        self.fields["phone"].widget.attrs["inputmode"] = "tel"

    def clean_username(self) -> str | None:
        name = cleaned_username(self.cleaned_data["username"] or "")
        if name and Person.objects.filter(username__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("This log-in name is taken. Add the unit, such as %(name)s-stc.") % {"name": name})
        return name or None


class OfficeForm(AdministrationForm):
    """A position in a unit from a day on."""

    organisation = UnitField(
        Organisation.objects.none(),
        label=gettext_lazy("Unit"),
        error_messages={
            "required": gettext_lazy("Say in which unit."),
            "invalid_choice": gettext_lazy("Choose a unit that you administer and that is open."),
        },
    )
    position = forms.ModelChoiceField(
        Position.objects.all(),
        label=gettext_lazy("Position"),
        empty_label=gettext_lazy("choose a position"),
        error_messages={
            "required": gettext_lazy("Say which position."),
            "invalid_choice": gettext_lazy("Say which position."),
        },
    )
    valid_from = day_field(label=gettext_lazy("From"), needed=gettext_lazy("Say on which day the office begins."))
    valid_until = day_field(label=gettext_lazy("Last day"), required=False)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        kwargs["initial"] = {"valid_from": timezone.localdate(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.offer_units("organisation", rules.administered_by(by).filter(closed_on=None), empty=_("choose a unit"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The office would end before it begins. Give a later day, or none."))
        return cleaned

    def office(self) -> Office:
        names = ("organisation", "position", "valid_from", "valid_until")
        return Office(**{name: self.cleaned_data[name] for name in names})


class EndForm(AdministrationForm):
    """The last day of an office."""

    on = day_field(label=gettext_lazy("Last day"), needed=gettext_lazy("Say which day is the last in office."))

    def __init__(self, *args: Any, began: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.began = began

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on < self.began:
            raise ValidationError(_("The office would end before it begins. Give a later day."))
        return on


class RoleForm(AdministrationForm):
    """A role in a unit; it reaches all units below."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        error_messages={
            "required": gettext_lazy("Say which role."),
            "invalid_choice": gettext_lazy("This role is not yours to give."),
        },
    )
    organisation = UnitField(
        Organisation.objects.none(),
        label=gettext_lazy("Unit"),
        error_messages={
            "required": gettext_lazy("Say in which unit."),
            "invalid_choice": gettext_lazy("Choose a unit that you administer and that is open."),
        },
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        granted = rules.roles_granted_by(by)
        labels = dict(OrganisationRole.Role.choices)
        role: Any = self.fields["role"]
        role.choices = [("", _("choose a role")), *((code, labels[code]) for code in granted)]
        self.offer_units("organisation", rules.administered_by(by).filter(closed_on=None), empty=_("choose a unit"))


class PositionForm(AdministrationForm, forms.ModelForm):
    name = WordsField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give the name of the position.")},
    )

    class Meta:
        model = Position
        fields = ("name", "rank")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rank"].label = _("Order")
        self.fields["rank"].help_text = _("Lower numbers stand first.")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if is_named(Position.objects.exclude(pk=self.instance.pk), name):
            raise ValidationError(_("This position is in the list already."))
        return name


class LevelForm(AdministrationForm, forms.ModelForm):
    name = WordsField(
        label=gettext_lazy("Name"),
        max_length=100,
        error_messages={"required": gettext_lazy("Give the name of the level.")},
    )

    class Meta:
        model = OrganisationLevel
        fields = ("name", "rank")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rank"].label = _("Order")
        self.fields["rank"].help_text = _("0 is the highest level.")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if is_named(OrganisationLevel.objects.exclude(pk=self.instance.pk), name):
            raise ValidationError(_("This level is in the list already."))
        return name


def is_named(rows: QuerySet[Any], name: str) -> bool:
    """Is one of the rows named so, in large or small letters? SQLite itself knows them for plain letters only."""
    return name.casefold() in {other.casefold() for other in rows.values_list("name", flat=True)}


# -- Lists and files ---------------------------------------------------------------------------------------------------


class PeopleFilterForm(AdministrationForm):
    words = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=100)
    unit = UnitField(Organisation.objects.none(), label=gettext_lazy("Unit"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("Account"), required=False, choices=STATES_OF_ACCOUNTS)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].widget = forms.TextInput(
            attrs={"class": "input", "type": "search", "placeholder": _("with or without accents")}
        )
        self.offer_units("unit", rules.administered_by(by), empty=_("all units"))


class LoginFilterForm(AdministrationForm):
    words = forms.CharField(label=gettext_lazy("Account"), required=False, max_length=100)
    act = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    since = day_field(label=gettext_lazy("From"), required=False)
    until = day_field(label=gettext_lazy("Until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        act: Any = self.fields["act"]
        act.choices = [("", _("everything")), *((code, WORDS_OF_LOGIN_ACTS[code]) for code in LOGIN_ACTS)]
        self.fields["words"].widget = forms.TextInput(
            attrs={"class": "input", "type": "search", "placeholder": _("name or log-in name")}
        )


class FileForm(AdministrationForm):
    """A table of people."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("XLSX or CSV, at most 1000 people."),
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
        "too_many_rows": _("The file has more than 1000 people. Divide it into several."),
        "not_a_table": _("This is no table that can be read. Save it as XLSX or as CSV (UTF-8) and try again."),
        "encoding": _("The letters of this file cannot be read. Save it as XLSX or as CSV (UTF-8) and try again."),
    }
    return sentences[code]
