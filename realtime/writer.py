"""One writer per process: whatever operations wait, of whomever, share the next transaction."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from django.db import connection

from realtime import metrics
from realtime.operations import BUSY, Answer, Offer, apply_offers, log_failure, nack
from realtime.refusals import Refusal

WAITING_MOST = 4096
BATCH_MOST = 256
RELEASE_SECONDS = 1.0  # its connection is kept from batch to batch: to make one costs as much as 50 operations


Answered = Callable[[list[Answer]], None]


@dataclass
class Job:
    offers: list[Offer]
    answered: Answered
    since: float = field(default_factory=time.monotonic)


class Writer:
    def __init__(self, waiting_most: int = WAITING_MOST) -> None:
        self.waiting: deque[Job] = deque()
        self.waiting_most = waiting_most
        self.count = 0
        self.changed = threading.Condition()
        self.thread: threading.Thread | None = None
        self.under_way_since: float | None = None

    def offer(self, offers: list[Offer], answered: Answered) -> None:
        """Put operations in line. After their COMMIT `answered` is called in the writer's thread, and must be quick.

        When the line is full: "busy", at once.
        """
        with self.changed:
            has_room = self.count + len(offers) <= self.waiting_most
            if has_room:
                self.waiting.append(Job(offers, answered))
                self.count += len(offers)
                self.start()
                self.changed.notify()
        if not has_room:
            metrics.operations.labels("busy").inc(len(offers))
            answered(busy(offers))

    def seconds_behind(self) -> float:
        """Return for how long the oldest operation has been waiting for its answer."""
        with self.changed:
            since = self.under_way_since or (self.waiting[0].since if self.waiting else None)
        return 0.0 if since is None else time.monotonic() - since

    def start(self) -> None:
        if self.thread is None or not self.thread.is_alive():
            # A daemon: what it has not acknowledged when the process ends, the tablets send again.
            self.thread = threading.Thread(target=self.write, name="realtime-writer", daemon=True)
            self.thread.start()

    def write(self) -> None:
        while True:
            if not self.waits_for_work(RELEASE_SECONDS):
                connection.close()
                self.waits_for_work(None)
            self.write_batch(self.next_batch())

    def waits_for_work(self, seconds: float | None) -> bool:
        with self.changed:
            return bool(self.changed.wait_for(lambda: self.waiting, seconds))

    def next_batch(self) -> list[Job]:
        with self.changed:
            batch = [self.waiting.popleft()]
            size = len(batch[0].offers)
            while self.waiting and size + len(self.waiting[0].offers) <= BATCH_MOST:
                batch.append(self.waiting.popleft())
                size += len(batch[-1].offers)
            self.count -= size
            self.under_way_since = batch[0].since
            return batch

    def write_batch(self, batch: list[Job]) -> None:
        offers = [offer for job in batch for offer in job.offers]
        began = time.monotonic()
        try:
            answers = apply_offers(offers)
        except Exception as error:  # the writer must go on, and nobody may wait for ever
            log_failure("The writer", error)
            answers = busy(offers)
        remaining = iter(answers)
        for job in batch:
            attempted(partial(job.answered, [next(remaining) for _offer in job.offers]))
        self.under_way_since = None
        attempted(partial(count, answers, time.monotonic() - began))
        if connection.errors_occurred:
            attempted(connection.close)


def attempted(act: Callable[[], None]) -> None:
    """What is answered or tidied after a batch: the others get their answers, and the writer goes on."""
    try:
        act()
    except Exception as error:
        log_failure("The writer", error)


def count(answers: list[Answer], seconds: float) -> None:
    metrics.batch_size.observe(len(answers))
    metrics.batch_seconds.observe(seconds)
    for kind, times in Counter(kind_of(answer) for answer in answers).items():
        metrics.operations.labels(kind).inc(times)


def kind_of(answer: Answer) -> str:
    return "ack" if answer["t"] == "ack" else "busy" if answer.get("code") == BUSY[0] else "refused"


def busy(offers: list[Offer]) -> list[Answer]:
    return [nack(offer.sent, Refusal(*BUSY), offer.principal) for offer in offers]


writer = Writer()
metrics.waiting.set_function(lambda: writer.count)
