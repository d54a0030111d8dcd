"""Forms about papers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from documents.actions import NO_GRADE
from documents.kinds import endings_taken, taken_in_words
from documents.models import Copy, Document
from meetings.agenda import numbered
from meetings.models import AgendaItem, Meeting

MOST_COPIES = 200  # of one paper at a time: a whole hall
GRADE_CHOICES = (
    (NO_GRADE, _("Not secret")),
    ("mat", "Mật"),
    ("toi_mat", "Tối mật"),
    ("tuyet_mat", "Tuyệt mật"),
)


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, but at least one. Which of them are papers is decided by their content, not here."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, (list, tuple)) else [data]
        found = [file for file in files if file]
        if not found:
            raise forms.ValidationError(_("Choose at least one file."), code="no_file")
        return found


class ItemField(forms.ModelChoiceField):
    """An item of one meeting, shown with its number."""

    def of(self, meeting: Meeting) -> None:
        self.queryset = meeting.items.all()
        self.numbers = {item.pk: number for number, item in numbered(meeting.items.all())}

    def label_from_instance(self, item: AgendaItem) -> str:
        return f"{self.numbers[item.pk]}. {item.title}"


def offer_items(form: forms.BaseForm, meeting: Meeting) -> None:
    field = form.fields["item"]
    assert isinstance(field, ItemField)
    field.of(meeting)
    field.empty_label = str(_("the whole meeting"))
    field.widget.attrs["class"] = "input"


class GradeForm(forms.Form):
    """The grade comes first: nothing is asked and nothing travels before it."""

    declared_grade = forms.ChoiceField(label=_("Grade of secrecy"), choices=GRADE_CHOICES, widget=forms.RadioSelect)


class PaperFilesForm(GradeForm):
    item = ItemField(label=_("Agenda item"), queryset=AgendaItem.objects.none(), required=False)
    files = FilesField(  # type: ignore[assignment]  # a field, not the files of a bound form
        label=_("Files"), widget=SeveralFiles(attrs={"class": "input", "multiple": True})
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_items(self, meeting)
        self.fields["files"].widget.attrs["accept"] = ",".join(endings_taken())


class NewVersionForm(GradeForm):
    file = forms.FileField(label=_("File"), allow_empty_file=True, widget=forms.FileInput(attrs={"class": "input"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ",".join(endings_taken())
        self.fields["file"].help_text = taken_in_words()


class UploadForm(GradeForm):
    """What the first message of an upload in pieces says of the file. Names are those of the tus protocol."""

    filename = forms.CharField(max_length=255)
    item = ItemField(queryset=AgendaItem.objects.none(), required=False)
    document = forms.ModelChoiceField(Document.objects.none(), required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_items(self, meeting)
        papers = meeting.documents.filter(is_handed_out=False, withdrawn_at=None)
        self.fields["document"].queryset = papers  # type: ignore[attr-defined]  # it is a choice of rows

    def clean_filename(self) -> str:
        return self.cleaned_data["filename"].replace("\\", "/").rsplit("/", 1)[-1]


class PaperForm(forms.ModelForm):
    item = ItemField(label=_("Agenda item"), queryset=AgendaItem.objects.none(), required=False)

    class Meta:
        model = Document
        fields = (
            *("title", "item", "kind", "abstract", "number", "symbol", "issuing_body"),
            *("restricted", "may_be_copied"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_items(self, self.instance.meeting)
        for name, made in self.fields.items():
            if name not in {"restricted", "may_be_copied"}:
                made.widget.attrs["class"] = "input"


class CopyForm(forms.Form):
    kind = forms.ChoiceField(choices=Copy.Kind)
    count = forms.IntegerField(
        label=_("Number of copies"),
        min_value=1,
        max_value=MOST_COPIES,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )

    def clean_count(self) -> int:
        """A file is one, whatever stands in the field for paper."""
        return self.cleaned_data["count"] if self.cleaned_data.get("kind") == Copy.Kind.PRINT else 1


class PlaceForm(forms.Form):
    to = forms.IntegerField(min_value=1)


class ReleaseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the paper is not secret"), max_length=400, widget=forms.TextInput(attrs={"class": "input"})
    )


class PersonGrantForm(forms.Form):
    person = forms.ModelChoiceField(
        label=_("Person"),
        queryset=Person.objects.filter(is_active=True),
        widget=forms.Select(attrs={"class": "input"}),
    )

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(is_active=True)
        if not self.is_bound:  # the list offers who takes part; anybody may be named
            people = people.filter(participations__meeting=document.meeting)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # it is a choice of rows


class UnitGrantForm(forms.Form):
    organisation = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=Organisation.objects.filter(closed_on=None),
        widget=forms.Select(attrs={"class": "input"}),
    )
