"""What processes of this machine have used, read from where the kernel keeps it."""

import os
from collections.abc import Iterator
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PROCESSES = Path("/proc")


def with_descendants(process: int) -> Iterator[int]:
    yield process
    for tasks in PROCESSES.glob(f"{process}/task/*/children"):
        try:
            children = tasks.read_text().split()
        except OSError:  # it ended meanwhile
            continue
        for child in children:
            yield from with_descendants(int(child))


def descendant_with(words: str) -> int:
    """Return the topmost process begun by this one whose command line has these words in it."""
    for process in with_descendants(os.getpid()):
        if process != os.getpid() and words in command_line(process):
            return process
    raise SystemExit(f"No process has {words!r} in its command line.")


def command_line(process: int) -> str:
    try:
        return (PROCESSES / str(process) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def cpu_seconds(process: int) -> float:
    """Return the processor time of a process, of all it has begun, and of those of them that have ended."""
    ticks = 0
    for one in with_descendants(process):
        try:
            after_name = (PROCESSES / str(one) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(value) for value in after_name[11:15])
    return ticks / TICKS_PER_SECOND


def memory_mb(process: int) -> float:
    """Return the memory of a process and its descendants: what is shared counts for each with its part (PSS)."""
    return sum(kilobytes(one, "smaps_rollup", "Pss:") for one in with_descendants(process)) / 1024


def resident_mb(process: int) -> float:
    return kilobytes(process, "status", "VmRSS:") / 1024


def kilobytes(process: int, file: str, name: str) -> int:
    try:
        lines = (PROCESSES / str(process) / file).read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
