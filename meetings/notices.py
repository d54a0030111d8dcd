"""Lines for one person about a meeting: marked as read by that person alone."""

from django.utils import timezone

from accounts.models import Person
from accounts.personal import touch_people
from meetings.models import Notice
from realtime.transactions import one_transaction


def read_notice(notice: Notice, *, by: Person) -> None:
    with one_transaction():
        Notice.objects.filter(pk=notice.pk, person=by, read_at=None).update(read_at=timezone.now())
        touch_people([by.pk], "notices")
