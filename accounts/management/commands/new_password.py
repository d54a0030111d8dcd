"""`manage.py new_password USERNAME`: the way back in when no administrator can log in any more."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.founding import give_new_password
from realtime.refusals import Refusal


class Command(BaseCommand):
    help = "Give an account a new password, shown once, and open it if it was closed."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("username", help="log-in name")

    def handle(self, *, username: str, **_: Any) -> None:
        with translation.override("vi"):
            try:
                person, password = give_new_password(username)
            except Refusal as refusal:
                raise CommandError(refusal.text) from None
        self.stdout.write(f"{person.full_name} · {person.username}")
        self.stdout.write(f"Mật khẩu mới, chỉ hiện một lần / new password, shown once: {password}")
