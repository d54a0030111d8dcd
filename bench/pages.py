"""How long the server needs for a page of the living province.

uv run bench/pages.py [--quick]

Makes the demo's data in a temporary folder, starts its server, enters as the demo's people over HTTP and asks for each
page again and again, one request at a time. The time is from the request's last byte to the answer's last byte over
loopback: Django, the database and Daphne together. The login page, which asks the database next to nothing, is the
reference in the same run. Everything is removed afterwards.
"""

import argparse
import http.client
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
GOAL_MS = 150.0
PATIENCE_SECONDS = 300
ROUNDS, QUICK_ROUNDS, WARM_UP = 60, 15, 3
MEETING = re.compile(r"/meetings/[0-9a-f-]{36}/")
PAPER = re.compile(r'data-open-paper="([0-9a-f-]{36})"')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer requests")
    rounds = QUICK_ROUNDS if parser.parse_args().quick else ROUNDS
    with tempfile.TemporaryDirectory(prefix="phien-bench-") as folder:
        values = measure(Path(folder), rounds)
    goals = {name: GOAL_MS for name in values if name.endswith("_ms") and not name.startswith("login")}
    ok = all(values[name] <= most for name, most in goals.items())
    print(json.dumps({"bench": "pages", "values": values, "goals": goals, "ok": ok}))


def measure(folder: Path, rounds: int) -> dict[str, float]:
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PHIEN_", "DATABASE_", "REDIS_"))}
    demo = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--alone", "--port", str(port)],
        cwd=ROOT,
        env={**kept, "PHIEN_DATA": str(folder / "var")},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for_papers(port)
        values: dict[str, float] = {}
        for name, visitor, address in pages(port):
            times = visitor.times_of(address, rounds)
            values[f"{name}_ms"] = round(statistics.median(times), 1)
            print(f"{name:28} median {statistics.median(times):6.1f} ms   95 of 100 under {late(times):6.1f} ms")
        reference = values["login_ms"]
        return {**values, **{f"{n[:-3]}_times_login": round(v / reference, 1) for n, v in values.items()}}
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(30)


def pages(port: int) -> list[tuple[str, "Visitor", str]]:
    """Name, who asks, what for."""
    stranger, member, secretary = Visitor(port), Visitor(port, "uy-vien"), Visitor(port, "thu-ky")
    chair, leader = Visitor(port, "chu-toa"), Visitor(port, "lanh-dao")
    today = MEETING.search(member.page("/"))
    assert today, "home shows no session of today"
    floor = member.page(f"{today[0]}floor/")
    papers = PAPER.findall(member.page(f"{today[0]}floor/"))
    assert papers, f"the floor shows no paper in {len(floor)} characters"
    return [
        ("login", stranger, "/account/login/"),
        ("home_of_a_member", member, "/"),
        ("home_of_the_secretary", secretary, "/"),
        ("home_of_the_leader", leader, "/"),
        ("meetings", member, "/meetings/"),
        ("room_of_a_member", member, f"{today[0]}floor/"),
        ("room_of_the_chair", chair, f"{today[0]}desk/"),
        ("reader_facts", member, f"/p/{papers[0]}/manifest.json"),
        ("reader_page_image", member, f"/p/{papers[0]}/1/1600.webp"),
        ("leadership", leader, "/targets/"),
    ]


class Visitor:
    """Somebody with cookies and one connection that stays open."""

    def __init__(self, port: int, seat: str = "") -> None:
        self.line = http.client.HTTPConnection("localhost", port, timeout=PATIENCE_SECONDS)
        self.cookies: dict[str, str] = {}
        if seat:
            self.ask("/account/login/")
            form = urlencode({"csrfmiddlewaretoken": self.cookies["csrftoken"]})
            status, _ = self.ask(f"/demo/arrivals/{seat}/", form)
            assert status == 302, f"{seat} could not enter: {status}"

    def ask(self, address: str, form: str | None = None) -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request("GET" if form is None else "POST", address, form, headers)
        answer = self.line.getresponse()
        body = answer.read()
        for given in answer.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(given).items()})
        return answer.status, body

    def page(self, address: str) -> str:
        status, body = self.ask(address)
        assert status == 200, f"{address} answers {status}"
        return body.decode()

    def times_of(self, address: str, rounds: int) -> list[float]:
        """Return how many ms each request took, without the first ones."""
        times = []
        for _ in range(WARM_UP + rounds):
            began = time.perf_counter()
            status, _body = self.ask(address)
            times.append((time.perf_counter() - began) * 1000)
            assert status == 200, f"{address} answers {status}"
        return times[WARM_UP:]


def late(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def wait_for_papers(port: int) -> None:
    """Wait for the first page, and until the worker has drawn the papers of today: it would take time from others."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/").close()
            break
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    secretary = Visitor(port, "thu-ky")
    today = MEETING.search(secretary.page("/"))
    assert today, "home shows no session of today"
    while time.monotonic() < until:
        papers = secretary.page(f"{today[0]}papers/")  # the server answers before all papers are there
        if "data-intake=" in papers and not re.search('data-intake="(waiting|reading)"', papers):
            return
        time.sleep(0.5)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
