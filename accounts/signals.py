"""Log-ins are consequential acts too."""

from typing import Any

from allauth.account.signals import password_changed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from accounts.acts import INSTALLATION, record
from accounts.models import Person
from realtime.principals import logged_out
from realtime.transactions import one_transaction


def connect() -> None:
    user_logged_in.connect(log_login, dispatch_uid="log_login")
    user_logged_out.connect(log_logout, dispatch_uid="log_logout")
    user_login_failed.connect(log_failed_login, dispatch_uid="log_failed_login")
    password_changed.connect(log_password_change, dispatch_uid="log_password_change")


def log_login(sender: Any, request: HttpRequest | None, user: Person, **kwargs: Any) -> None:
    write("logged_in", user, user.username or "")


def log_logout(sender: Any, request: HttpRequest | None, user: Person | None, **kwargs: Any) -> None:
    if user is not None:
        write("logged_out", user, user.username or "")


def log_failed_login(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    # A password typed into the wrong field must not end up in the log: only names that exist are written down.
    name = str(credentials.get("username") or "")
    known = Person.objects.filter(username=name).first()
    write("login_failed", known, name if known else "")


def log_password_change(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Sessions that came by the old password end by themselves; their sockets and tickets must be told."""
    Person.objects.filter(pk=user.pk).update(must_choose_password=False)
    write("password_changed", user, user.username or "")
    logged_out(user.principal_key)


def write(act: str, person: Person | None, name: str) -> None:
    with one_transaction():
        record(INSTALLATION, act, by=person, about=f"account:{name}")
