"""`manage.py first_administrator`: begin a new installation."""

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.founding import found_installation
from realtime.refusals import Refusal


class Command(BaseCommand):
    help = "Begin a new installation: the unit at the top, and the account of whoever administers the system."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, type=words(200), help="name of the unit at the top")
        parser.add_argument(
            "--short-name", required=True, type=words(80), help="its name in lists: UBND tỉnh Lam Giang"
        )
        parser.add_argument("--person", required=True, type=words(120), help="full name of the administrator")
        parser.add_argument("--username", required=True, help="log-in name of the administrator")

    def handle(self, *, unit: str, short_name: str, person: str, username: str, **_: Any) -> None:
        with translation.override("vi"):
            try:
                founder, password = found_installation(
                    unit=unit, short_name=short_name, full_name=person, username=username
                )
            except Refusal as refusal:
                raise CommandError(refusal.text) from None
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{founder.full_name} · {founder.username}")
        self.stdout.write(f"Mật khẩu đầu tiên, chỉ hiện một lần / first password, shown once: {password}")


def words(most: int) -> Any:
    """Take text of 1 to `most` letters, without blanks at its ends."""

    def taken(text: str) -> str:
        kept = " ".join(text.split())
        if not 0 < len(kept) <= most:
            raise argparse.ArgumentTypeError(f"1 to {most} letters are wanted")
        return kept

    return taken
