"""Streams, their entries, and the operations that have been answered."""

import secrets

from django.db import models
from django.utils import timezone


def new_epoch() -> str:
    return secrets.token_hex(8)


class Stream(models.Model):
    """A name with a gap-free number. Entries above `floor` are kept; another epoch means: forget what you know."""

    name = models.CharField(max_length=200, unique=True)
    epoch = models.CharField(max_length=16)
    head = models.BigIntegerField(default=0)
    floor = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.head}"


class Entry(models.Model):
    stream = models.ForeignKey(Stream, on_delete=models.CASCADE, related_name="entries", db_index=False)
    number = models.BigIntegerField()
    body = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "number"], name="one_entry_per_number")]

    def __str__(self) -> str:
        return f"{self.number} of stream {self.stream_id}"


class Operation(models.Model):
    """An operation that was acknowledged, with the answer it got: a repeat gets the same one."""

    actor = models.CharField(max_length=64)
    op = models.UUIDField()
    kind = models.CharField(max_length=64)
    # Keyed hash of the payload: tells a repeat from another act under the same id, and gives nothing away.
    digest = models.CharField(max_length=64)
    answer = models.JSONField()
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        # The id first: a batch asks for the ids of many actors, and must not read all of a week's operations for it.
        constraints = [models.UniqueConstraint(fields=["op", "actor"], name="one_answer_per_operation")]

    def __str__(self) -> str:
        return f"{self.kind} {self.op} of {self.actor}"
