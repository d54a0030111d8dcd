"""One writer per process: whatever operations wait, of whomever, share the next transaction."""

import logging
import threading
import time
from collections import deque
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import close_old_connections

from realtime import metrics
from realtime.operations import BUSY, Answer, Offer, apply_offers, log_failure, nack
from realtime.refusals import Refusal

logger = logging.getLogger(__name__)

WAITING_MOST = 4096
BATCH_MOST = 256


@dataclass
class Job:
    offers: list[Offer]
    answers: "Future[list[Answer]]" = field(default_factory=Future)


class Writer:
    def __init__(self, waiting_most: int = WAITING_MOST) -> None:
        self.waiting: deque[Job] = deque()
        self.waiting_most = waiting_most
        self.count = 0
        self.changed = threading.Condition()
        self.thread: threading.Thread | None = None

    def offer(self, offers: list[Offer]) -> "Future[list[Answer]]":
        """Put operations in line; the answers come after their COMMIT. When the line is full: "busy", at once."""
        job = Job(offers)
        with self.changed:
            if self.count + len(offers) <= self.waiting_most:
                self.waiting.append(job)
                self.count += len(offers)
                metrics.waiting.set(self.count)
                self.start()
                self.changed.notify()
                return job.answers
        metrics.operations.labels("busy").inc(len(offers))
        job.answers.set_result(busy(offers))
        return job.answers

    def start(self) -> None:
        if self.thread is None or not self.thread.is_alive():
            # A daemon: what it has not acknowledged when the process ends, the tablets send again.
            self.thread = threading.Thread(target=self.write, name="realtime-writer", daemon=True)
            self.thread.start()

    def write(self) -> None:
        while True:
            self.write_batch(self.next_batch())

    def next_batch(self) -> list[Job]:
        with self.changed:
            self.changed.wait_for(lambda: self.waiting)
            batch = [self.waiting.popleft()]
            size = len(batch[0].offers)
            while self.waiting and size + len(self.waiting[0].offers) <= BATCH_MOST:
                batch.append(self.waiting.popleft())
                size += len(batch[-1].offers)
            self.count -= size
            metrics.waiting.set(self.count)
            return batch

    def write_batch(self, batch: list[Job]) -> None:
        offers = [offer for job in batch for offer in job.offers]
        began = time.monotonic()
        try:
            close_old_connections()
            answers = apply_offers(offers)
        except Exception as error:  # the writer must go on, and nobody may wait for ever
            log_failure("The writer", error)
            answers = busy(offers)
        finally:
            close_old_connections()
        count(answers, time.monotonic() - began)
        remaining = iter(answers)
        for job in batch:
            give(job, [next(remaining) for _offer in job.offers])


def give(job: Job, answers: list[Answer]) -> None:
    with suppress(InvalidStateError):  # whoever asked has gone
        job.answers.set_result(answers)


def count(answers: list[Answer], seconds: float) -> None:
    metrics.batch_size.observe(len(answers))
    metrics.batch_seconds.observe(seconds)
    for answer in answers:
        is_busy = answer.get("code") == BUSY[0]
        metrics.operations.labels("ack" if answer["t"] == "ack" else "busy" if is_busy else "refused").inc()


def busy(offers: list[Offer]) -> list[Answer]:
    return [nack(offer.sent, Refusal(*BUSY), offer.principal) for offer in offers]


writer = Writer()
