"""`manage.py index_papers`: index the words of papers read before there was an index; a worker does so by itself."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from documents.index import index_missing
from documents.models import Wording


class Command(BaseCommand):
    help = "Put the words of all papers into the index in which they are searched. May be stopped and begun again."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--anew", action="store_true", help="empty the index first; until it is full, less is found"
        )

    def handle(self, *, anew: bool, **_: Any) -> None:
        if anew:
            Wording.objects.all().delete()
        self.stdout.write(f"{index_missing()} pages and titles were put into the index.")
