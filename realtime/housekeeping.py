"""What may be forgotten."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from realtime.models import Entry, Operation, Stream
from realtime.transactions import one_transaction

KEEP = 2000
SLACK = 500  # trimming each time would delete one row per entry

ANSWERS_KEPT = timedelta(days=14)  # a tablet offers what it did again for a week
ANSWERS_AT_ONCE = 500  # the database is not held up


def trim(stream: str, keep: int = KEEP) -> None:
    """Forget all but the last `keep` entries of a stream and raise its floor: whoever knows less gets a reset."""
    with one_transaction():
        moved = Stream.objects.filter(name=stream, head__gt=F("floor") + keep).update(floor=F("head") - keep)
        if moved:
            floor = Stream.objects.values_list("floor", flat=True).get(name=stream)
            Entry.objects.filter(stream__name=stream, number__lte=floor).delete()


def forget_old_answers() -> None:
    """Forget some answers to operations that nobody repeats any more; called again until none is left."""
    old = Operation.objects.filter(at__lt=timezone.now() - ANSWERS_KEPT).order_by("at")
    keys = list(old.values_list("pk", flat=True)[:ANSWERS_AT_ONCE])
    if keys:
        Operation.objects.filter(pk__in=keys).delete()
