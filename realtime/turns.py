"""One after another, in the order in which they came.

SQLite lets one write at a time and wakes whoever waits by chance: a desk that wanted to close a vote was passed over by
the writer of the ballots for twenty seconds. Within one process nobody is passed over.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

PATIENCE_SECONDS = 20.0  # as long as SQLite itself waits for its lock


class Turns:
    def __init__(self) -> None:
        self.guard = Lock()
        self.is_taken = False
        self.waiting: deque[Lock] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn and pass it on afterwards. Whoever has waited too long goes on without."""
        has_turn = self.take()
        try:
            yield
        finally:
            if has_turn:
                self.pass_on()

    def take(self) -> bool:
        with self.guard:
            if not self.is_taken:
                self.is_taken = True
                return True
            mine = Lock()
            mine.acquire()
            self.waiting.append(mine)
        if mine.acquire(timeout=PATIENCE_SECONDS):
            return True
        with self.guard:
            if mine in self.waiting:
                self.waiting.remove(mine)
                return False
            return True  # it was passed on at the last moment

    def pass_on(self) -> None:
        with self.guard:
            if self.waiting:
                self.waiting.popleft().release()
            else:
                self.is_taken = False


turns = Turns()
