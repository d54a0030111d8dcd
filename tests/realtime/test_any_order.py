"""Whatever happens, in whatever order: everybody ends up with what a newcomer would see; no frame promises too much.

Hypothesis makes up the days. It writes, loses, delays, repeats and mixes up wake-ups, connects, cuts off, clears away
and restores backups, also in the very moment between a question to the database and the use of its answer. A plain
list and a plain dict say what is true. FAULT_SEEDS=20 makes up twenty times as many days, others each time.
"""

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from realtime import entry_streams, housekeeping, hub, panel_streams, readings, served, socket, streams, wakeups
from realtime.kinds import StreamKind, register_kind
from realtime.models import Entry, Stream
from realtime.principals import Principal
from realtime.redis_wakeups import moved_from
from realtime.streams import publish, touch
from realtime.transactions import one_transaction
from realtime.wakeups import Moved
from tests.realtime.tablet import Tablet, hello, joined, ticket_for

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["realtime"])

BOOK, WALL = "book:1", "wall:1"
PANELS = ("clock", "count", "door")
TAIL_MOST = 6  # so that a day of twenty events has tails that are too long
FAR_AHEAD = 1000  # a number that is reached while it is said would be believed
LASTING = ("compare_for_ever", "work_for_ever")  # tasks of a hub that never end
PATIENCE_SECONDS = 5
SEEDS = int(os.environ.get("FAULT_SEEDS", "0"))
DAYS = settings(
    max_examples=30 * max(1, SEEDS),
    stateful_step_count=30,
    deadline=None,
    derandomize=not SEEDS,
    database=None,
    suppress_health_check=list(HealthCheck),
)

MOMENTS = ("heads", "entries", "state", "render")
FATES = ("heard", "lost", "late", "twice", "from another process")


@dataclass
class Truth:
    """What is written in the book and on the wall; and what else is to happen at which moment."""

    epochs: dict[str, str] = field(default_factory=lambda: {BOOK: "a" * 16, WALL: "a" * 16})
    words: list[str] = field(default_factory=list)
    wall: list[dict[str, int]] = field(default_factory=lambda: [dict.fromkeys(PANELS, 0)])  # by number: its versions
    floors: dict[str, int] = field(default_factory=lambda: {BOOK: 0, WALL: 0})
    count: int = 0
    wake_ups: list[Moved] = field(default_factory=list)
    late: list[Moved] = field(default_factory=list)
    meanwhile: dict[str, Callable[[], None]] = field(default_factory=dict)
    paces: list[int] = field(default_factory=lambda: [0])  # how many steps each question to the database takes, in turn
    story: list[str] = field(default_factory=list)

    def begin(self) -> None:
        vars(self).update(vars(Truth()))
        Stream.objects.filter(name__in=[BOOK, WALL]).delete()
        for name, epoch in self.epochs.items():
            Stream.objects.create(name=name, epoch=epoch)

    def next(self) -> int:
        self.count += 1
        return self.count

    def head(self, name: str) -> int:
        return len(self.words) if name == BOOK else len(self.wall) - 1

    # -- What happens

    def write(self, fate: str, size: int) -> None:
        self.story.append(f"{size} written, {fate}")
        words = [f"word {self.next()}" for _ in range(size)]
        with one_transaction():
            for word in words:
                publish(BOOK, {"word": word})
        self.words += words
        self.tell(fate)

    def change(self, fate: str, panels: list[str]) -> None:
        self.story.append(f"{panels} changed, {fate}")
        with one_transaction():
            touch(WALL, *panels)
        self.wall.append(self.wall[-1] | {panel: self.next() for panel in panels})
        self.tell(fate)

    def note(self, moved: Moved) -> None:
        self.wake_ups.append(moved)

    def tell(self, fate: str) -> None:
        """Let the hub hear of the commit in one of the ways in which wake-ups come and do not come."""
        told, self.wake_ups = self.wake_ups, []
        if fate == "late":
            self.late += told
        elif fate != "lost":
            if fate == "from another process":
                told = [moved_from(json.dumps(asdict(moved)).encode()) for moved in told]
            for moved in told * (2 if fate == "twice" else 1):
                wakeups.announce(moved)

    def tell_late(self, place: int) -> None:
        if self.late:
            self.story.append("heard late")
            wakeups.announce(self.late.pop(place % len(self.late)))

    def clear_away(self, name: str, keep: int) -> None:
        self.story.append(f"{name} cleared, {keep} kept")
        housekeeping.trim(name, keep)
        self.floors[name] = max(self.floors[name], self.head(name) - keep)

    def restore(self, name: str, back: int) -> None:
        """The database is as it was `back` entries ago, under a new epoch."""
        head = max(self.floors[name], self.head(name) - back)
        self.story.append(f"{name} restored as it was at {head}")
        self.epochs[name] = f"{self.next():016}"
        Entry.objects.filter(stream__name=name, number__gt=head).delete()
        Stream.objects.filter(name=name).update(head=head, epoch=self.epochs[name])
        if name == BOOK:
            self.words = self.words[:head]
        else:
            self.wall = self.wall[: head + 1]

    def let_happen(self, moment: str) -> None:
        if act := self.meanwhile.pop(moment, None):
            self.story.append(f"after reading {moment}:")
            act()


truth = Truth()


class Book(StreamKind):
    prefix = "book"
    mode = "entries"

    def may_listen(self, principal: Principal, name: str) -> bool:
        return True

    def state(self, name: str) -> Any:
        state = list(truth.words)
        truth.let_happen("state")
        return state


class Wall(StreamKind):
    prefix = "wall"
    mode = "panels"

    def may_listen(self, principal: Principal, name: str) -> bool:
        return True

    def panels(self, name: str) -> list[str]:
        return list(PANELS)

    def render(self, name: str, panel: str, language: str) -> str:
        shown = truth.wall[-1][panel]
        truth.let_happen("render")
        return str(shown)


register_kind(Book())
register_kind(Wall())


class Reader:
    """A tablet with a memory: what it was told, and up to which number."""

    def __init__(self, number: int) -> None:
        self.key = f"person:{number}"
        self.tablet: Tablet | None = None
        self.is_welcome = False
        self.known: dict[str, tuple[str, int] | None] = {BOOK: None, WALL: None}
        self.words: list[str] = []
        self.panels: dict[str, int] = {}

    async def connect(self, known: dict[str, tuple[str, int] | None], *, with_last_ticket: bool) -> None:
        last = self.tablet and self.tablet.ticket.get("ticket")
        ticket = last if last and with_last_ticket else asked(ticket_for, self.key)
        truth.story.append(f"{self.key} comes with {known}")
        self.tablet, self.is_welcome = await Tablet().connect(), False
        await self.tablet.say(hello(ticket, {name: place and list(place) for name, place in known.items()}))

    async def hear_what_came(self) -> bool:
        """Take in all frames that have arrived; say whether there were any."""
        if self.tablet is None or self.tablet.line.output_queue.empty():
            return False
        while not self.tablet.line.output_queue.empty():
            self.take(await joined(self.tablet.hear_message))
        return True

    def take(self, frame: dict[str, Any]) -> None:
        truth.story.append(f"{self.key} hears {frame if frame['t'] != 'ticket' else 'ticket'}")
        assert frame["t"] != "bye", frame
        if frame["t"] == "ticket" and self.tablet:
            self.tablet.ticket = frame
        elif frame["t"] == "welcome":
            self.is_welcome = True
        elif frame["t"] == "reset":
            self.begin_again(frame)
        elif frame["t"] == "entries":
            self.go_on(frame)
        elif frame["t"] == "panels":
            assert self.known[WALL] is not None, "the difference to what?"
            self.show(frame, frame["p"])

    def begin_again(self, frame: dict[str, Any]) -> None:
        if frame["s"] == WALL:
            self.panels = {}
            self.show(frame, frame["state"])
            return
        self.known[BOOK] = (frame["epoch"], frame["seq"])
        self.words = frame["state"]
        if frame["epoch"] == truth.epochs[BOOK]:
            assert truth.words[: frame["seq"]] == self.words[: frame["seq"]], "a state lacks what its number promises"

    def go_on(self, frame: dict[str, Any]) -> None:
        known = self.known[BOOK]
        assert known == (frame["epoch"], frame["from"] - 1), f"a gap, or the same again: {known}, {frame}"
        told = [body["word"] for body in frame["e"]]
        assert len(told) == frame["to"] - frame["from"] + 1
        if frame["epoch"] == truth.epochs[BOOK]:
            assert told == truth.words[frame["from"] - 1 : frame["to"]]
        there = set(self.words)
        self.words += [word for word in told if word not in there]
        self.known[BOOK] = (frame["epoch"], frame["to"])

    def show(self, frame: dict[str, Any], panels: dict[str, str]) -> None:
        self.panels |= {panel: int(shown) for panel, shown in panels.items()}
        self.known[WALL] = (frame["epoch"], frame["seq"])
        if frame["epoch"] == truth.epochs[WALL]:
            promised = truth.wall[frame["seq"]]
            assert all(self.panels[panel] >= version for panel, version in promised.items()), (frame, promised)

    def remember_the_present(self) -> None:
        self.words, self.panels = list(truth.words), dict(truth.wall[-1])
        self.known = {name: (epoch, truth.head(name)) for name, epoch in truth.epochs.items()}

    def is_right(self) -> bool:
        return (self.words, self.panels) == (truth.words, truth.wall[-1]) and self.known == {
            name: (epoch, truth.head(name)) for name, epoch in truth.epochs.items()
        }


def asked(question: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Ask the database and give the connection back, as threads do: each task here would keep one of its own."""
    try:
        return question(*args, **kwargs)
    finally:
        close_old_connections()


async def asked_here(_pool: Any, question: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Ask the database without threads, so that the same day twice is the same day."""
    pace = truth.paces[truth.next() % len(truth.paces)]
    for _ in range(pace):
        await asyncio.sleep(0)
    found = asked(question, *args, **kwargs)
    for _ in range(pace):
        await asyncio.sleep(0)
    return found


def known_in_a_moment(moment: str, question: Callable[..., Any]) -> Callable[..., Any]:
    """Ask, and let happen what is to happen between the answer and its use."""

    def ask(*args: Any, **kwargs: Any) -> Any:
        found = question(*args, **kwargs)
        truth.let_happen(moment)
        return found

    return ask


acts = st.one_of(
    st.builds(lambda fate, size: lambda: truth.write(fate, size), st.sampled_from(FATES), st.integers(1, 3)),
    st.builds(
        lambda fate, panels: lambda: truth.change(fate, panels),
        st.sampled_from(FATES),
        st.lists(st.sampled_from(PANELS), min_size=1, max_size=2, unique=True),
    ),
    st.builds(
        lambda name, keep: lambda: truth.clear_away(name, keep), st.sampled_from([BOOK, WALL]), st.integers(0, 4)
    ),
    st.builds(lambda name, back: lambda: truth.restore(name, back), st.sampled_from([BOOK, WALL]), st.integers(0, 3)),
    st.builds(lambda place: lambda: truth.tell_late(place), st.integers(0, 9)),
)
readers = st.integers(0, 2)


class Day(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        truth.begin()
        self.runner = asyncio.Runner()
        self.readers = [Reader(number) for number in range(1, 4)]

    def teardown(self) -> None:
        try:
            self.everybody_is_right_in_the_end()
        finally:
            self.runner.run(self.go_home())
            self.runner.close()

    async def go_home(self) -> None:
        for reader in self.readers:
            if reader.tablet:
                await reader.tablet.hang_up()

    # -- What happens

    @rule(act=acts)
    def something_happens(self, act: Callable[[], None]) -> None:
        act()

    @rule(moment=st.sampled_from(MOMENTS), act=acts)
    def something_is_to_happen_in_a_moment(self, moment: str, act: Callable[[], None]) -> None:
        truth.meanwhile[moment] = act

    @rule(paces=st.lists(st.integers(0, 12), min_size=1, max_size=3))
    def the_database_is_slower_or_quicker(self, paces: list[int]) -> None:
        truth.paces = paces

    @rule(number=readers, knows=st.booleans(), with_last_ticket=st.booleans())
    def a_reader_comes(self, number: int, knows: bool, with_last_ticket: bool) -> None:
        reader = self.readers[number]
        if not knows:
            reader.known = {BOOK: None, WALL: None}
        self.runner.run(self.come(reader, with_last_ticket=with_last_ticket))

    @rule(number=readers)
    def a_reader_comes_who_knows_what_nobody_wrote(self, number: int) -> None:
        reader = self.readers[number]
        reader.known = {name: (epoch, truth.head(name) + FAR_AHEAD) for name, epoch in truth.epochs.items()}
        self.runner.run(self.come(reader, with_last_ticket=False))

    async def come(self, reader: Reader, *, with_last_ticket: bool) -> None:
        if reader.tablet:
            await reader.tablet.hang_up()
        await reader.connect(reader.known, with_last_ticket=with_last_ticket)

    @rule(number=readers)
    def a_reader_was_told_everything_by_another_process(self, number: int) -> None:
        self.runner.run(self.cut_off(self.readers[number]))
        self.readers[number].remember_the_present()

    @rule(number=readers)
    def a_reader_is_cut_off(self, number: int) -> None:
        self.runner.run(self.cut_off(self.readers[number]))

    async def cut_off(self, reader: Reader) -> None:
        if reader.tablet:
            truth.story.append(f"{reader.key} is cut off")
            await reader.tablet.hang_up()
            reader.tablet = None

    @rule(steps=st.integers(1, 20))
    def a_moment_passes(self, steps: int) -> None:
        self.runner.run(self.pass_steps(steps))

    async def pass_steps(self, steps: int) -> None:
        for _ in range(steps):
            await asyncio.sleep(0)
            for reader in self.readers:
                await reader.hear_what_came()

    @rule()
    def a_while_passes(self) -> None:
        self.runner.run(self.come_to_rest())

    @rule()
    def heads_are_compared(self) -> None:
        self.runner.run(self.compare())

    @rule()
    def who_is_not_listened_to_is_forgotten(self) -> None:
        self.runner.run(self.forget_idle())

    async def forget_idle(self) -> None:
        for stream in hub.the_hub().streams.values():
            if stream.idle_since is not None:
                stream.idle_since -= 2 * hub.IDLE_SECONDS
        await self.compare()

    # -- Rest

    async def compare(self) -> None:
        truth.story.append("heads are compared")
        await hub.the_hub().compare()
        await self.come_to_rest()

    async def come_to_rest(self) -> None:
        """Let the hub do all it wants to do now, while everybody listens."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            quiet = 0
            while quiet < 3:
                await asyncio.sleep(0.001)
                heard = [await reader.hear_what_came() for reader in self.readers]
                quiet = 0 if any(heard) or self.is_busy() else quiet + 1

    def is_busy(self) -> bool:
        here = hub.the_hub()
        walls = [one for one in here.streams.values() if isinstance(one, panel_streams.PanelStream)]
        feeds = [feed for wall in walls for feed in wall.feeds.values() if feed.task is not None]
        waiting = [one for one in here.connections if one.frames or one.latest or one.is_sending]
        present = [reader for reader in self.readers if reader.tablet]
        all_in = all(reader.is_welcome for reader in present) and len(here.connections) == len(present)
        return not all_in or len(here.tasks) > len(LASTING) or bool(feeds or waiting or here.opening)

    @invariant()
    def numbers_have_no_gap(self) -> None:
        for name, floor in truth.floors.items():
            numbers = list(Entry.objects.filter(stream__name=name).order_by("number").values_list("number", flat=True))
            assert numbers == list(range(floor + 1, truth.head(name) + 1))

    @rule()
    def everybody_is_right_in_the_end(self) -> None:
        truth.meanwhile.clear()
        self.runner.run(self.compare())
        for reader in self.readers:
            if reader.tablet and not reader.is_right():
                story = "\n".join(truth.story)
                pytest.fail(f"{vars(reader)} instead of {truth.words}, {truth.wall[-1]}:\n{story}")


@pytest.fixture
def one_step_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing happens by itself: the day says when, and its questions to the database wait for one another."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    for module in (hub, served, entry_streams, panel_streams, socket):
        monkeypatch.setattr(module, "in_thread", asked_here)
    monkeypatch.setattr(django_settings, "REDIS_URL", "")
    monkeypatch.setattr(hub, "COMPARE_SECONDS", 3600)
    monkeypatch.setattr(panel_streams, "PASS_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(readings, "TAIL_MOST", TAIL_MOST)
    monkeypatch.setattr(entry_streams, "TAIL_MOST", TAIL_MOST)
    monkeypatch.setattr(streams, "announce", truth.note)
    monkeypatch.setattr(readings, "heads", known_in_a_moment("heads", readings.heads))
    monkeypatch.setattr(readings, "entries_between", known_in_a_moment("entries", readings.entries_between))


@pytest.mark.usefixtures("one_step_after_another")
def test_whatever_happens_everybody_ends_up_with_what_a_newcomer_would_see():
    run_state_machine_as_test(Day, settings=DAYS)


@pytest.mark.usefixtures("one_step_after_another")
def test_what_was_read_before_a_backup_was_restored_is_told_to_nobody_after_it():
    day = Day()
    first, second, _third = day.readers
    truth.write("lost", 3)
    first.known[BOOK], first.words = (truth.epochs[BOOK], 1), truth.words[:1]

    def restore_and_go_on() -> None:
        truth.paces = [0]
        truth.restore(BOOK, 1)
        truth.write("heard", 1)

    truth.paces, truth.meanwhile["entries"] = [20], restore_and_go_on
    day.a_reader_comes(0, knows=True, with_last_ticket=False)
    day.a_while_passes()
    second.known[BOOK], second.words = (truth.epochs[BOOK], 2), truth.words[:2]
    day.a_reader_comes(1, knows=True, with_last_ticket=False)
    day.teardown()
