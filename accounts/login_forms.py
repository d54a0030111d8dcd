"""Logging in and changing the password, in the words of an office."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
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
        self.fields["oldpassword"].help_text = ""  # allauth's leads to a page that a closed network does not have
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password again")
        dress(self)


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """An own password in the place of the one on the slip: nobody else may know it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _(
            "At least 10 letters, digits or signs; three words in a row are good."
        )
        self.fields["new_password2"].label = _("New password again")
        self.fields["new_password2"].help_text = ""
        dress(self)

    def clean_new_password1(self) -> str:
        password: str = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise ValidationError(
                _("This is the password that was given to you. Choose another one."), code="the_given_one"
            )
        return password


def dress(form: forms.Form) -> None:
    """The look of the house: labels above the fields say it, so nothing is written inside them."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["class"] = "input"
