"""`manage.py recount POLL`: count a vote again from its ballots, and compare it with the log of acts."""

import argparse
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from voting.models import Poll
from voting.proof import doubts


class Command(BaseCommand):
    help = "Count a vote again and compare ballots, roll and result with the log of acts; ends with an error otherwise."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("poll", help="the key in the address of the vote's page, or 'all'")

    def handle(self, *args: Any, **options: Any) -> None:
        polls = list(polls_named(options["poll"]))
        found = [(poll, sentence) for poll in polls for sentence in doubts(poll)]
        for poll, sentence in found:
            self.stderr.write(f"{poll.pk}: {sentence}")
        if found:
            raise CommandError(f"{len({poll.pk for poll, _sentence in found})} of {len(polls)} vote(s) do not hold.")
        self.stdout.write(f"{len(polls)} vote(s) counted again: ballots, rolls, results and the log of acts agree.")


def polls_named(name: str) -> Any:
    counted = Poll.objects.exclude(result=None).exclude(state=Poll.State.CANCELLED).order_by("opened_at")
    if name == "all":
        return counted
    try:
        found = Poll.objects.filter(pk=UUID(name)).first()
    except ValueError:
        raise CommandError(f"{name} is not the key of a vote. It stands in the address of the vote's page.") from None
    if found is None:
        raise CommandError(f"There is no vote {name}.")
    if found.result is None:
        raise CommandError("This vote is not closed yet: there is nothing to compare.")
    return [found]
