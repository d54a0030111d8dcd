"""What is looked for each second in every process that serves sockets: that whose time has come."""

from collections.abc import Callable

from realtime.operations import log_failure

each_second: list[Callable[[], None]] = []


def register_each_second(work: Callable[[], None]) -> None:
    """Have `work()` called about once a second, in a thread, by each process; it must see what is done already."""
    each_second.append(work)


def work_of_this_second() -> None:
    for work in each_second:
        try:
            work()
        except Exception as error:  # what others do each second goes on
            log_failure("What is done each second", error)
