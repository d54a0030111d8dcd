"""The log of acts: append-only, each chain linked by hash, with a head of its own."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.utils import timezone

from accounts.models import Act, ChainHead, Person
from realtime import rows
from realtime.principals import came_from
from realtime.transactions import at_end

INSTALLATION = "installation"
LANE = "log:"
COLUMNS = ["chain", "number", "at", "act", "by_id", "about", "facts", "address", "previous_hash", "hash"]
columns_of = attrgetter(*COLUMNS)


@dataclass(frozen=True)
class Break:
    """A place where a chain does not hold."""

    chain: str
    number: int
    reason: str


def record(
    chain: str, act: str, *, by: Person | None, about: str, facts: dict[str, Any] | None = None, address: str = ""
) -> None:
    """Write the act at the end of the running transaction, as the next link of its chain."""
    row = Act(
        chain=chain,
        at=timezone.now(),
        act=act,
        by=by,
        about=about,
        facts=facts or {},
        address=address or came_from.get(),
    )
    at_end(LANE + chain, append_acts, row)


def append_acts(lanes: dict[str, list[Act]]) -> None:
    for lane, acts in lanes.items():
        append_to_chain(lane.removeprefix(LANE), acts)


def append_to_chain(chain: str, acts: list[Act]) -> None:
    ChainHead.objects.bulk_create([ChainHead(name=chain)], ignore_conflicts=True)
    head = ChainHead.objects.select_for_update().get(name=chain)
    for act in acts:
        act.number, act.previous_hash = head.number + 1, head.hash
        act.hash = link_hash(act)
        head.number, head.hash = act.number, act.hash
    rows.insert(Act, COLUMNS, [columns_of(act) for act in acts])
    head.save(update_fields=["number", "hash"])


def link_hash(act: Act) -> str:
    """Return the SHA-256 of the act and of the link before it, as 64 hex digits."""
    told = {
        "chain": act.chain,
        "number": act.number,
        "at": spoken_time(act.at),
        "act": act.act,
        "by": act.by_id,
        "about": act.about,
        "facts": act.facts,
        "address": act.address,
        "previous": act.previous_hash,
    }
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def spoken_time(at: datetime) -> str:
    return at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")


def breaks() -> Iterator[Break]:
    """Walk all chains and yield every place where a link is missing, changed or cut off at the end."""
    heads = {head.name: head for head in ChainHead.objects.all()}
    for chain in sorted({*heads, *Act.objects.order_by().values_list("chain", flat=True).distinct()}):
        yield from breaks_of(chain, heads.get(chain))


def breaks_of(chain: str, head: ChainHead | None) -> Iterator[Break]:
    number, last_hash = 0, ""
    for act in Act.objects.filter(chain=chain).order_by("number").iterator():
        if act.number != number + 1:
            yield Break(chain, number + 1, "missing")
        elif act.previous_hash != last_hash:
            yield Break(chain, act.number, "not linked to the one before")
        if act.hash != link_hash(act):
            yield Break(chain, act.number, "changed")
        number, last_hash = act.number, act.hash
    if head is None or (head.number, head.hash) != (number, last_hash):
        yield Break(chain, number, "the end was cut off")
