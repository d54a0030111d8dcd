"""Logging in and changing the password, in the words of an office."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from django.utils.translation import gettext_lazy as _


class LoginForm(AllauthLoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = _("Login name")
        self.fields["password"].help_text = ""
        dress(self)


class ChangePasswordForm(AllauthChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Password until now")
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password again")
        dress(self)


def dress(form: LoginForm | ChangePasswordForm) -> None:
    """The look of the house: labels above the fields say it, so nothing is written inside them."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["class"] = "input"
