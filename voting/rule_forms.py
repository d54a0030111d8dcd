"""What may be typed about rule sets, and the sentence for what may not."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.forms import PlainForm

USUAL_MEMBERS = 21
MOST_MEMBERS = 1000  # the National Assembly has half as many


class SizeForm(PlainForm):
    """Of how many members a body is thought to be, for the preview."""

    members = forms.IntegerField(
        label=_("Members of the body"),
        min_value=1,
        max_value=MOST_MEMBERS,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": _("Write the number of members in digits, such as 21."),
            "min_value": _("A body has at least one member."),
            "max_value": _("The preview counts up to %(limit_value)s members."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].widget.attrs.update({"min": 1, "max": MOST_MEMBERS, "placeholder": USUAL_MEMBERS})

    @property
    def how_many(self) -> int:
        """As many as were typed; a body of the usual size where nothing was."""
        return self.cleaned_data["members"] or USUAL_MEMBERS
