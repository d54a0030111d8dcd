"""How allauth behaves in an office: accounts are made by administrators, and errors are said in its words."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from realtime.principals import logged_out


class OfficeAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The login name or the password is not right."),
        "too_many_login_attempts": _("Too many failed attempts. Wait five minutes, or ask the administrator."),
        "enter_current_password": _("The password until now is not right."),
    }

    def logout(self, request: HttpRequest) -> None:
        """Log out, then close the sockets of this session: in this order no ticket can be issued in between."""
        person, session = request.user, request.session.session_key
        super().logout(request)
        if person.is_authenticated:
            logged_out(person.principal_key, session)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
