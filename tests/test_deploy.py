"""The nginx site of `deploy/`, run by nginx as it stands: what reaches the house through it, and what does not."""

import json
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings

from tests.faults.house import free_port, wait_for

pytestmark = pytest.mark.skipif(not shutil.which("nginx"), reason="needs nginx on the path")

NAME = "phien.example.gov.vn"
WHOLE = """daemon off; pid nginx.pid; error_log stderr; worker_processes 1; events {{}}
http {{ access_log off; {folders} include {site}; }}"""
FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
KEY = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
ANY_CERTIFICATE = ssl._create_unverified_context()  # noqa: S323 - made a moment ago, by this test
UPLOAD = "/uploads/28689f29-1391-4786-b3ee-185b816361c9/"


class House(BaseHTTPRequestHandler):
    """Stands where the house would: answers with the headers that reached it, and notes what came of a body."""

    protocol_version = "HTTP/1.1"
    came: list[bytes] = []

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        while length > 0 and (piece := self.rfile.read1(length)):
            self.came.append(piece)
            length -= len(piece)
        told = json.dumps(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_PATCH = do_POST = do_GET  # noqa: N815 - the names http.server looks for

    def log_message(self, *_words: object) -> None:
        pass


class Site:
    def __init__(self, folder: Path) -> None:
        self.port, self.plain_port = free_port(), free_port()
        self.house = ThreadingHTTPServer(("127.0.0.1", 0), House)
        threading.Thread(target=self.house.serve_forever, daemon=True).start()
        named = ("-subj", f"/CN={NAME}", "-keyout", folder / "phien.key", "-out", folder / "phien.crt")
        subprocess.run([*KEY, *named], check=True, capture_output=True)
        text = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        for theirs, ours in (
            ("listen 443", f"listen 127.0.0.1:{self.port}"),
            ("listen 80", f"listen 127.0.0.1:{self.plain_port}"),
            ("127.0.0.1:8000", f"127.0.0.1:{self.house.server_port}"),
            ("/etc/ssl", str(folder)),
        ):
            assert theirs in text
            text = text.replace(theirs, ours)
        (folder / "site.conf").write_text(text, encoding="utf-8")
        folders = " ".join(f"{name}_temp_path {folder / name};" for name in FOLDERS)
        (folder / "nginx.conf").write_text(WHOLE.format(folders=folders, site=folder / "site.conf"))
        command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert tried.returncode == 0, tried.stderr
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        wait_for(lambda: can_be_reached(self.port), "nginx")

    def line(self) -> HTTPSConnection:
        return HTTPSConnection("127.0.0.1", self.port, context=ANY_CERTIFICATE, timeout=20)

    def heard(self, path: str, **headers: str) -> dict[str, str]:
        """The headers with which the house is asked."""
        with closing(self.line()) as line:
            line.request("GET", path, headers={"Host": NAME, **headers})
            return json.loads(line.getresponse().read())

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
        self.house.shutdown()
        self.house.server_close()


def can_be_reached(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("nginx"))
    yield site
    site.end()


@pytest.mark.parametrize("path", ["/", "/socket/", "/calendar/feed/a/", UPLOAD, "/documents/a/"])
def test_the_house_is_told_which_host_was_asked_over_tls_and_by_whom(site: Site, path: str) -> None:
    """A location with a header of its own loses all others: then every page was answered 400."""
    heard = site.heard(path, **{"X-Forwarded-Proto": "http", "X-Forwarded-For": "1.2.3.4"})
    assert (heard["Host"], heard["X-Forwarded-Proto"], heard["X-Forwarded-For"]) == (NAME, "https", "127.0.0.1")
    assert "Connection" not in heard


def test_a_socket_passes_and_no_other_change_of_protocol(site: Site) -> None:
    heard = site.heard("/socket/", Upgrade="websocket", Connection="Upgrade")
    assert (heard["Upgrade"], heard["Connection"]) == ("websocket", "upgrade")
    assert "Connection" not in site.heard("/", Upgrade="h2c", Connection="Upgrade, HTTP2-Settings")


def test_another_host_reaches_the_house_as_such_and_is_refused_there(site: Site) -> None:
    assert site.heard("/", Host="evil.example")["Host"] == "evil.example"


@pytest.mark.parametrize(("method", "path"), [("PATCH", UPLOAD), ("POST", "/meetings/28689f29/papers/")])
def test_what_is_sent_goes_on_at_once_and_is_not_kept_by_the_way(site: Site, method: str, path: str) -> None:
    House.came.clear()
    with closing(site.line()) as line:
        line.putrequest(method, path, skip_host=True)
        for name, value in (("Host", NAME), ("Content-Length", "2000000")):
            line.putheader(name, value)
        line.endheaders(bytes(1_000_000))
        wait_for(lambda: sum(map(len, House.came)) == 1_000_000, "the first half")
        line.send(bytes(1_000_000))
        assert line.getresponse().status == 200
    assert sum(map(len, House.came)) == 2_000_000


def test_a_file_as_large_as_is_taken_passes_and_a_larger_one_is_refused_before_it_travels(site: Site) -> None:
    assert answer_to_announced(site, settings.UPLOAD_LIMIT_BYTES + 4096) is None
    refused = answer_to_announced(site, settings.UPLOAD_LIMIT_BYTES * 2)
    assert refused is not None
    assert refused.status == 413


def answer_to_announced(site: Site, size: int) -> HTTPResponse | None:
    """Announce so many bytes and send none of them; None while nginx waits for them."""
    with closing(site.line()) as line:
        line.putrequest("POST", "/meetings/28689f29/papers/", skip_host=True)
        for name, value in (("Host", NAME), ("Content-Length", str(size))):
            line.putheader(name, value)
        line.endheaders()
        line.sock.settimeout(0.5)
        try:
            return line.getresponse()
        except TimeoutError:
            return None


def test_whoever_asks_without_tls_is_led_to_this_house_and_to_no_other(site: Site) -> None:
    with closing(HTTPConnection("127.0.0.1", site.plain_port, timeout=20)) as line:
        line.request("GET", "/papers/search/?q=a", headers={"Host": "evil.example"})
        answer = line.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/papers/search/?q=a")
