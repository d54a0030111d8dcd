"""`manage.py verify`: find a break in the log of acts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.acts import breaks
from accounts.models import Act, ChainHead


class Command(BaseCommand):
    help = "Check every chain of the log of acts; ends with an error when a link is missing or was changed."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(breaks())
        for place in found:
            self.stderr.write(f"{place.chain} {place.number}: {place.reason}")
        if found:
            raise CommandError(f"The log of acts is broken in {len(found)} place(s).")
        self.stdout.write(f"{Act.objects.count()} acts in {ChainHead.objects.count()} chains: whole.")
