"""What may be forgotten."""

from django.db.models import F

from realtime.models import Entry, Stream
from realtime.transactions import one_transaction

KEEP = 2000
SLACK = 500  # trimming each time would delete one row per entry


def trim(stream: str, keep: int = KEEP) -> None:
    """Forget all but the last `keep` entries of a stream and raise its floor: whoever knows less gets a reset."""
    with one_transaction():
        moved = Stream.objects.filter(name=stream, head__gt=F("floor") + keep).update(floor=F("head") - keep)
        if moved:
            floor = Stream.objects.values_list("floor", flat=True).get(name=stream)
            Entry.objects.filter(stream__name=stream, number__lte=floor).delete()
