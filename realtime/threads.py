"""Threads that ask the database for the event loop and give their connection back after each question."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections

Args = ParamSpec("Args")
Found = TypeVar("Found")

# Few: on two cores more threads only wait for one another, and PostgreSQL's pool is shared with the pages.
askers = ThreadPoolExecutor(4, "realtime-ask")
renderers = ThreadPoolExecutor(2, "realtime-render")


async def in_thread(
    pool: ThreadPoolExecutor, question: Callable[Args, Found], *args: Args.args, **kwargs: Args.kwargs
) -> Found:
    return await asyncio.get_running_loop().run_in_executor(pool, lambda: asked(question, *args, **kwargs))


def asked(question: Callable[Args, Found], *args: Args.args, **kwargs: Args.kwargs) -> Found:
    close_old_connections()
    try:
        return question(*args, **kwargs)
    finally:
        close_old_connections()
