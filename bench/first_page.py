"""How long a stranger waits: from the demo line, on a clone with an empty cache, to the first page.

uv run bench/first_page.py [--quick]

Clones the last commit into a temporary folder and times, one after another: `uv sync` with an empty cache (downloads
and installs), the same from that cache (installs only), `manage.py demo` until the login page answers, and the demo
started a second time. `--quick` uses the cache that is there, so that nothing is downloaded. Everything is removed
afterwards.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GOALS = {"total_seconds": 120.0, "not_download_seconds": 30.0, "second_start_seconds": 5.0}
PATIENCE_SECONDS = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="use the cache that is there")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory(prefix="phien-bench-") as folder:
        values = measure(Path(folder), quick=quick)
    ok = all(values[name] <= most for name, most in GOALS.items())
    print(json.dumps({"bench": "first_page", "values": values, "goals": GOALS, "ok": ok}))


def measure(folder: Path, *, quick: bool) -> dict[str, float]:
    clone = folder / "phien"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PHIEN_", "VIRTUAL_ENV"))}
    if not quick:
        environment["UV_CACHE_DIR"] = str(folder / "cache")
    synced = timed(["uv", "sync", "--quiet"], clone, environment)
    shutil.rmtree(clone / ".venv")
    installed = timed(["uv", "sync", "--quiet"], clone, environment)
    first, second = (seconds_to_first_page(clone, environment) for _ in range(2))
    return {
        "sync_seconds": round(synced, 1),
        "install_seconds": round(installed, 1),
        "first_start_seconds": round(first, 1),
        "second_start_seconds": round(second, 1),
        "not_download_seconds": round(installed + first, 1),
        "total_seconds": round(synced + first, 1),
    }


def timed(command: list[str], folder: Path, environment: dict[str, str]) -> float:
    began = time.monotonic()
    subprocess.run(command, cwd=folder, env=environment, check=True)
    return time.monotonic() - began


def seconds_to_first_page(clone: Path, environment: dict[str, str]) -> float:
    """Start the demo as the README says and return when the login page has answered."""
    port, began = free_port(), time.monotonic()
    demo = subprocess.Popen(
        ["uv", "run", "manage.py", "demo", "--port", str(port)],
        cwd=clone,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for_page(f"http://127.0.0.1:{port}/account/login/", began + PATIENCE_SECONDS)
        return time.monotonic() - began
    finally:
        os.killpg(demo.pid, signal.SIGINT)
        demo.wait(30)


def wait_for_page(address: str, until: float) -> None:
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("The demo did not answer.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
