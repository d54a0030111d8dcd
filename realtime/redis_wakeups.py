"""Wake-ups between processes over Redis: quicker than the comparison of heads, and never the truth.

What Redis loses or repeats changes nothing: numbers show what was seen, and heads are compared each second anyway.
"""

import json
import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from realtime import wakeups
from realtime.wakeups import Moved

logger = logging.getLogger(__name__)

WAITING_MOST = 1000
RETRY_SECONDS = 1


def post_commits() -> None:
    """From now on tell the other processes of each commit of this one."""
    wakeups.listeners.append(post)


def listen(wake: Callable[[Moved], None]) -> None:
    """Call `wake`, in a thread of its own, with what other processes (and this one) commit."""
    threading.Thread(target=listen_for_ever, args=[wake], name="realtime-redis-listen", daemon=True).start()


def post(moved: Moved) -> None:
    with suppress(queue.Full):  # Redis is away: the comparison of heads does its work
        outbox().put_nowait(moved)


@cache
def outbox() -> "queue.Queue[Moved]":
    waiting: queue.Queue[Moved] = queue.Queue(WAITING_MOST)
    threading.Thread(target=post_for_ever, args=[waiting], name="realtime-redis-post", daemon=True).start()
    return waiting


def post_for_ever(waiting: "queue.Queue[Moved]") -> None:
    line = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    while True:
        moved = waiting.get()
        try:
            line.publish(channel(), json.dumps(vars(moved)))
        except redis.RedisError as error:
            logger.warning("Redis does not take wake-ups: %s", type(error).__name__)
            time.sleep(RETRY_SECONDS)


def listen_for_ever(wake: Callable[[Moved], None]) -> None:
    while True:
        try:
            # Without a timeout: redis-py's own of 5 s would end every quiet subscription.
            line = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=None, socket_connect_timeout=2)
            with line.pubsub(ignore_subscribe_messages=True) as subscription:
                subscription.subscribe(channel())
                for message in subscription.listen():
                    wake(moved_from(message["data"]))
        except (redis.RedisError, ValueError, TypeError, KeyError) as error:
            logger.warning("Redis sends no wake-ups: %s", type(error).__name__)
            time.sleep(RETRY_SECONDS)


def moved_from(data: bytes) -> Moved:
    value: dict[str, Any] = json.loads(data)
    bodies = tuple(value["bodies"])
    # While servers are renewed one after another, one of another version may leave out or add what is only counted.
    return Moved(value["stream"], value["epoch"], value["first"], bodies, value.get("told_at", time.time()))


@cache
def channel() -> str:
    """Return a name of this installation's own: Redis may serve several, and channels know no database numbers.

    The database belongs to it: a copy to try things on has the key of the original.
    """
    database = connection.settings_dict
    place = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return "phien:moved:" + salted_hmac("realtime.redis", place).hexdigest()[:16]
