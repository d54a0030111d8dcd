"""Operations: small acts under an id made by the tablet, which it repeats until it hears an answer.

Many are applied in one transaction; a repeat gets the stored answer, also from another process. At first it is presumed
that nothing is repeated and nothing refused, for that is so nearly always; where it is not so, the transaction is begun
again with care: known answers are looked up, and each operation has a savepoint. That is three quarters of the cost.
"""

import json
import logging
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, InterfaceError, InternalError, OperationalError
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from realtime import rows
from realtime.models import Operation
from realtime.principals import Principal, came_from
from realtime.refusals import Refusal
from realtime.transactions import one_transaction

logger = logging.getLogger(__name__)

OPERATIONS_PER_FRAME = 50
FRAME_BYTES = 64 * 1024
ATTEMPTS = 3
READ_ONLY = "25006"  # SQLSTATE read_only_sql_transaction

Payload = dict[str, Any]
Answer = dict[str, Any]
LookAhead = Callable[[list[tuple[Principal, Payload]]], None]

INVALID = ("invalid", _("This message cannot be understood."))
UNKNOWN = ("invalid", _("This system does not know that act. Please reload the page."))
OTHER_ACT = ("invalid", _("Another act has already been recorded under this number."))
TOO_LARGE = ("too_large", _("Too much was sent at once."))
ERROR = (
    "error",
    _("Something went wrong here. Nothing was recorded; please tell the secretary."),
)
BUSY = ("busy", _("The system is busy. It will be tried again by itself."))


@dataclass(frozen=True)
class Kind:
    name: str
    apply: Callable[[Principal, Payload], Payload | None]
    lock_key: Callable[[Payload], tuple[Any, ...]]
    look_ahead: LookAhead | None = None


@dataclass(frozen=True)
class Offer:
    """One operation as it was sent, and by whom."""

    principal: Principal
    sent: Payload

    @cached_property
    def payload(self) -> Payload:
        return {key: value for key, value in self.sent.items() if key not in {"op", "t"}}

    @cached_property
    def key(self) -> tuple[str, UUID]:
        return self.principal.key, UUID(self.sent["op"])

    @cached_property
    def digest(self) -> str:
        text = json.dumps(self.payload, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return salted_hmac("realtime.operation", text, algorithm="sha256").hexdigest()


class Remembered(NamedTuple):
    """An operation that was applied, as it is stored."""

    actor: str
    op: UUID
    kind: str
    digest: str
    answer: Payload
    at: datetime


class Overtaken(Exception):
    """Another process has answered one of these operations while they were applied here."""


class Spoiled(Exception):
    """One operation of a batch that is applied without care is refused."""


kinds: dict[str, Kind] = {}


def operation(
    name: str,
    *,
    lock_key: Callable[[Payload], tuple[Any, ...]] = lambda payload: (),
    look_ahead: LookAhead | None = None,
) -> Callable[
    [Callable[[Principal, Payload], Payload | None]],
    Callable[[Principal, Payload], Payload | None],
]:
    """Register `apply(principal, payload) -> answer` under a name. It runs in a transaction shared with others.

    It may be run more than once before an answer is given: what it does outside the database waits for the commit.
    `lock_key` orders the operations of a batch, so that their row locks are taken in the order everyone keeps; those
    with the same key stay in the order in which they were sent, those with different keys do not. Where several of one
    kind have the same key, `look_ahead` is shown all of them before the first is applied: it may read for all at once
    what each would ask for, and keep it (`transactions.held`).
    """

    def register(
        apply: Callable[[Principal, Payload], Payload | None],
    ) -> Callable[..., Payload | None]:
        if name in kinds:
            raise ValueError(f"There is an operation called {name} already.")
        kinds[name] = Kind(name, apply, lock_key, look_ahead)
        return apply

    return register


def apply_operations(principal: Principal, ops: Any) -> list[Answer]:
    """Apply what one principal sent, in one transaction, and return an ack or nack for each, in the order sent.

    Raises Refusal("invalid") when it is no list of operations with ids.
    """
    check_form(ops)
    if too_large(ops):
        return [nack(op, Refusal(*TOO_LARGE), principal) for op in ops]
    return apply_offers([Offer(principal, op) for op in ops])


def check_form(ops: Any) -> None:
    if not isinstance(ops, list) or not ops:
        raise Refusal(*INVALID)
    for op in ops:
        if not isinstance(op, dict) or not is_uuid(op.get("op")) or not isinstance(op.get("t"), str):
            raise Refusal(*INVALID)


def is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) == 36 and bool(UUID(value))
    except ValueError:
        return False


def too_large(ops: list[Payload], characters: int | None = None) -> bool:
    """Say whether operations are more than a frame may hold; they came as a text of so many characters, where known."""
    if len(ops) > OPERATIONS_PER_FRAME:
        return True
    if characters is not None and 4 * characters <= FRAME_BYTES:  # no character takes more bytes
        return False
    try:
        text = json.dumps(ops, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return len(text.encode("utf-8", "replace")) > FRAME_BYTES
    except (ValueError, TypeError, RecursionError):
        raise Refusal(*INVALID) from None


def apply_offers(offers: list[Offer]) -> list[Answer]:
    """Apply a batch, of whomever. Nothing is acknowledged unless the COMMIT succeeded."""
    for attempt in range(1 + ATTEMPTS):
        try:
            return apply_once(offers, careful=attempt > 0)
        except (Spoiled, Overtaken):
            continue
        except Exception as error:
            if is_unreachable(error):
                log_failure("A batch of operations", error)
                return [nack(offer.sent, Refusal(*BUSY), offer.principal) for offer in offers]
            if attempt == 0:
                continue
            log_failure("A batch of operations", error)
            if len(offers) == 1:
                return [nack(offer.sent, Refusal(*ERROR), offer.principal) for offer in offers]
            # One of them spoils the end of the transaction: let each stand or fall for itself.
            return [answer for offer in offers for answer in apply_offers([offer])]
    return [nack(offer.sent, Refusal(*BUSY), offer.principal) for offer in offers]


def apply_once(offers: list[Offer], *, careful: bool) -> list[Answer]:
    """Apply a batch in one transaction.

    Without care it raises Spoiled when anything is refused, and Overtaken when anything is repeated.
    """
    answers: dict[int, Answer] = {}
    with one_transaction(savepoints=careful):
        known = known_operations(offers) if careful else {}
        fresh: list[Remembered] = []
        held_up: set[str] = set()  # who was told "busy": nothing later of theirs may overtake what they send again
        for neighbours in in_lock_order(offers):
            if not careful:
                look_ahead([offers[index] for index in neighbours])
            for index in neighbours:
                offer = offers[index]
                if offer.key not in known:
                    if offer.principal.key in held_up:
                        answers[index] = nack(offer.sent, Refusal(*BUSY), offer.principal)
                        continue
                    made = applied(offer, careful=careful)
                    if isinstance(made, Refusal):
                        answers[index] = nack(offer.sent, made, offer.principal)
                        if made.code == BUSY[0]:
                            held_up.add(offer.principal.key)
                        continue
                    known[offer.key] = made
                    fresh.append(made)
                answers[index] = stored_answer(offer, known[offer.key])
        # Who was told "busy" asks again anyway, and the database may be away.
        refused = [
            index
            for index in answers
            if answers[index].get("code") not in {None, BUSY[0]} and offers[index].key not in known
        ]
        if refused:
            refused_ones = [offers[index] for index in refused]
            overtaken = known_operations(refused_ones)
            for index in refused:
                if offers[index].key in overtaken:
                    answers[index] = stored_answer(offers[index], overtaken[offers[index].key])
        remember(fresh)
    return [answers[index] for index in range(len(offers))]


def known_operations(offers: Iterable[Offer]) -> dict[tuple[str, UUID], Remembered]:
    keys = {offer.key for offer in offers}
    stored = Operation.objects.filter(op__in={op for _actor, op in keys}).values_list(*Remembered._fields)
    return {row[:2]: Remembered(*row) for row in stored if row[:2] in keys}


def in_lock_order(offers: list[Offer]) -> list[list[int]]:
    """Return the places of all offers in the order of their locks, those of one kind under one lock together."""
    keys = [lock_key(offer) for offer in offers]
    in_order = sorted(range(len(offers)), key=keys.__getitem__)
    return [list(group) for _key, group in groupby(in_order, key=lambda index: (keys[index], offers[index].sent["t"]))]


def look_ahead(offers: list[Offer]) -> None:
    kind = kinds.get(offers[0].sent["t"])
    if kind is not None and kind.look_ahead is not None and len(offers) > 1:
        kind.look_ahead([(offer.principal, offer.payload) for offer in offers])


def lock_key(offer: Offer) -> tuple[str, ...]:
    kind = kinds.get(offer.sent["t"])
    try:
        parts = kind.lock_key(offer.payload) if kind else ()
    except Exception:  # a nonsensical payload is refused when it is applied
        return ()
    return tuple(str(part).zfill(20) if isinstance(part, int) else str(part) for part in parts)


def applied(offer: Offer, *, careful: bool) -> Remembered | Refusal:
    """Apply one operation; return what to remember of it, or why it was refused. Without care that raises Spoiled."""
    kind = kinds.get(offer.sent["t"])
    token = came_from.set(offer.principal.address or came_from.get())
    try:
        if kind is None:
            raise Refusal(*UNKNOWN)
        with one_transaction(), translation.override(offer.principal.language):
            told = {**offer.payload, "op": offer.sent["op"]}
            answer = json.loads(json.dumps(kind.apply(offer.principal, told) or {}, allow_nan=False))
    except Exception as error:
        if not careful:
            raise Spoiled from error
        return refusal_for(error, offer.sent["t"])  # the others in the batch stand
    finally:
        came_from.reset(token)
    return Remembered(*offer.key, kind.name, offer.digest, answer, timezone.now())


def refusal_for(error: Exception, kind: str) -> Refusal:
    if isinstance(error, Refusal):
        return error
    log_failure(f"Operation {kind}", error)
    return Refusal(*(BUSY if is_unreachable(error) else ERROR))


def is_unreachable(error: Exception) -> bool:
    """Is the database locked, gone, or a standby that does not take writes yet? Then asking again may help."""
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) == READ_ONLY
    return isinstance(error, OperationalError | InterfaceError)


def remember(fresh: list[Remembered]) -> None:
    """Store the answers; in the order of their ids, so that two processes with the same operations do not deadlock."""
    in_order = sorted(fresh, key=lambda made: (made.op.int, made.actor))
    try:
        rows.insert(Operation, Remembered._fields, in_order)
    except IntegrityError:  # with it everything here is undone
        raise Overtaken from None


def stored_answer(offer: Offer, stored: Remembered) -> Answer:
    if stored.kind != offer.sent["t"] or stored.digest != offer.digest:
        return nack(offer.sent, Refusal(*OTHER_ACT), offer.principal)
    return {**stored.answer, "t": "ack", "op": offer.sent["op"]}


def nack(sent: Payload, refusal: Refusal, principal: Principal) -> Answer:
    with translation.override(principal.language):
        answer = {
            "t": "nack",
            "op": sent["op"],
            "code": refusal.code,
            "text": str(refusal.text),
        }
    return answer if refusal.now is None else {**answer, "now": refusal.now}


def log_failure(what: str, error: Exception) -> None:
    """Say what failed and where, never with what: the messages of database errors quote the rows."""
    steps = traceback.extract_tb(error.__traceback__)
    ours = [step for step in steps if "site-packages" not in step.filename and "/lib/python" not in step.filename]
    places = " < ".join(f"{Path(step.filename).name}:{step.lineno}" for step in reversed([*ours[-5:], *steps[-1:]]))
    logger.error("%s failed: %s at %s", what, type(error).__name__, places)
