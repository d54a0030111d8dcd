"""A child of `manage.py demo` or `serve`: the web server or the worker. It ends when the command is gone.

python -m config.child server tcp:port=8000:interface=127.0.0.1:backlog=4096
python -m config.child server               (told where to listen by a line on its standard input)
python -m config.child worker
"""

import gc
import os
import signal
import socket
import sys
import threading
import time
from queue import SimpleQueue

END_SECONDS = 5
WORKER_LOOKS_EVERY_SECONDS = 0.5

told: "SimpleQueue[str]" = SimpleQueue()


def main() -> None:
    threading.Thread(target=end_with_the_command, daemon=True).start()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    kind, *arguments = sys.argv[1:]
    if kind == "server":
        run_server(*arguments)
    elif kind == "extras":
        run_extras()
    else:
        run_worker()


def end_with_the_command() -> None:
    """Wait for the end of standard input, a pipe whose other end only the command holds; take what is said on it."""
    said = b""
    while byte := os.read(0, 1):  # not sys.stdin: its lock would be held while the interpreter ends
        said += byte
        if byte == b"\n":
            told.put(said.decode().strip())
            said = b""
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(END_SECONDS)
    os.killpg(0, signal.SIGKILL)


def settle_memory() -> None:
    """Leave what was loaded out of the search for garbage, and search less often.

    Measured when a thousand tablets come back at once: the search takes a third of the processor's time otherwise.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def run_server(endpoint: str = "") -> None:
    from daphne.cli import CommandLineInterface

    import config.asgi  # noqa: F401 - loaded now, whether it is known yet where to listen or not

    settle_memory()
    endpoint = endpoint or told.get()
    options = ["--endpoint", endpoint, "--verbosity", "0", "--no-server-name"]
    options += ["--websocket_timeout", "-1"]  # else a tablet that stays open would be cut off after a day
    if os.environ.get("PHIEN_BEHIND_PROXY", "0") not in {"", "0"}:
        options.append("--proxy-headers")
    CommandLineInterface().run([*options, "config.asgi:application"])


def run_worker() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    from documents.index import index_missing_later
    from documents.intake import take_back_orphans

    # The name is the same after a restart: jobs that a killed worker left behind are its own, and it takes them back.
    name = f"{socket.gethostname()[:40]}-1"
    take_back_orphans(name)
    index_missing_later()
    call_command(
        "db_worker",
        queue_name="*",
        interval=WORKER_LOOKS_EVERY_SECONDS,
        worker_id=name,
        startup_delay=False,
        reload=False,
        verbosity=0,
    )


def run_extras() -> None:
    import django

    django.setup()
    from config.demo.extras import act_for_ever

    act_for_ever()


if __name__ == "__main__":
    main()
