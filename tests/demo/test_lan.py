# ruff: noqa: S310 - the addresses are those of our own demo
"""`manage.py demo --lan`: tablets of the network come in over HTTPS and trust what was made on the spot."""

import asyncio
import json
import re
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import websockets
from django.conf import settings
from django.core.management import CommandError

from config.lan import authority, site
from config.lan.authority import certificates_for
from config.services import Tls, server
from tests.demo.test_command import PATIENCE_SECONDS, Demo, surroundings, wait_for

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


# -- Certificates


def test_certificates_are_kept_while_they_are_good_and_the_addresses_stay(tmp_path: Path) -> None:
    first = contents(certificates_for(tmp_path, ["192.168.1.5"], ["localhost"], NOW))
    assert contents(certificates_for(tmp_path, ["192.168.1.5"], ["localhost"], NOW + timedelta(days=1))) == first

    moved = contents(certificates_for(tmp_path, ["192.168.1.6"], ["localhost"], NOW))
    assert moved[0] == first[0]
    assert moved[1] != first[1]

    later = contents(certificates_for(tmp_path, ["192.168.1.6"], ["localhost"], NOW + timedelta(days=85)))
    assert later[0] != first[0]
    assert later[1] != moved[1]


def contents(files: authority.Certificates) -> tuple[bytes, bytes]:
    return files.authority.read_bytes(), files.certificate.read_bytes()


def test_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    certificates_for(tmp_path, ["192.168.1.5"], ["localhost"], NOW)
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("*.key")} == {
        "authority.key": 0o600,
        "server.key": 0o600,
    }


def test_no_certificate_is_made_for_an_address_of_the_internet(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"203\.0\.113\.7"):
        certificates_for(tmp_path, ["203.0.113.7"], [], NOW)


@pytest.mark.parametrize(("name", "is_trusted"), [("thu-ky.localhost", True), ("bank.example", False)])
def test_who_trusts_the_authority_trusts_it_for_the_demonstration_only(
    tmp_path: Path, name: str, is_trusted: bool
) -> None:
    files = certificates_for(tmp_path, ["127.0.0.1"], ["thu-ky.localhost"], datetime.now(UTC))
    # Whoever got hold of the key signs for another name:
    authority.make_server_certificate(files, tmp_path / "authority.key", ["127.0.0.1"], [name], datetime.now(UTC))
    if is_trusted:
        assert shake_hands(files, name) is None
    else:
        assert "permitted subtree violation" in str(shake_hands(files, name))


def shake_hands(files: authority.Certificates, name: str) -> ssl.SSLError | None:
    """Have a device that trusts the authority greet a server that shows the certificate."""
    ours, theirs = ssl.create_default_context(cafile=files.authority), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(files.certificate, files.key)
    to_device, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    device = ours.wrap_bio(to_device, to_server, server_hostname=name)
    office = theirs.wrap_bio(to_server, to_device, server_side=True)
    for one in (device, office, device, office):
        try:
            one.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLError as error:
            return error
    return None


@pytest.mark.parametrize("named", [None, "203.0.113.7", "0.0.0.0", "phien"])  # noqa: S104 - refused
def test_a_machine_in_no_private_network_is_told_to_join_one(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setattr(site, "own_addresses", lambda: ["203.0.113.7"])
    with pytest.raises(CommandError, match="in no private network"):
        site.LanSite.on_this_network(8000, named)


def test_paths_with_colons_reach_the_server_whole() -> None:
    service = server(host="0.0.0.0", port=8443, tls=Tls(Path("/a:b=c/d.crt"), Path("/a:b=c/d.key")))  # noqa: S104
    assert service.arguments[1].endswith(r":privateKey=/a\:b\=c/d.key:certKey=/a\:b\=c/d.crt")


# -- The command


@pytest.fixture(scope="module")
def lan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Demo, Path]]:
    folder = tmp_path_factory.mktemp("lan") / "var"
    demo = Demo(folder, "--lan", "--listen", "127.0.0.1", "--alone")
    try:
        wait_for(lambda: "fingerprint" in demo.words() or demo.process.poll() is not None)
        assert demo.process.poll() is None, demo.words()
        yield demo, folder
    finally:
        demo.process.terminate()
        demo.process.wait(PATIENCE_SECONDS)


def test_a_tablet_finds_the_certificate_and_then_trusts_the_demonstration(lan: tuple[Demo, Path]) -> None:
    demo, _folder = lan
    welcome = re.search(r"http://[0-9.]+:\d+/", demo.words())
    assert welcome
    page = urllib.request.urlopen(welcome[0]).read().decode()
    address = re.search(r'href="(https://[0-9.]+:\d+/)"', page)
    assert address
    assert "Cài đặt tin cậy chứng nhận" in page
    assert "Certificate Trust Settings" in page

    certificate = urllib.request.urlopen(f"{welcome[0]}phien-demo-ca.crt")
    assert certificate.headers["Content-Type"] == "application/x-x509-ca-cert"
    pem = certificate.read().decode()
    printed = re.search(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", demo.words())
    assert printed
    assert printed[0] in page

    trusting = ssl.create_default_context(cadata=pem)
    answer = urllib.request.urlopen(f"{address[1]}account/login/", context=trusting)
    assert "Vào với vai" in answer.read().decode()
    assert "Secure" in answer.headers["Set-Cookie"]
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(f"{address[1]}account/login/")
    assert greeting(address[1], trusting) == {"t": "bye", "code": "ticket"}


def greeting(address: str, trusting: ssl.SSLContext) -> object:
    """What the socket says to a stranger: it opens, and answers."""

    async def greet() -> object:
        place = address.replace("https", "wss") + "socket/"
        async with websockets.connect(place, ssl=trusting, origin=address.rstrip("/")) as line:
            await line.send(json.dumps({"t": "hello", "v": 1, "ticket": "", "client": "c", "build": "", "streams": {}}))
            return json.loads(await line.recv())

    return asyncio.run(greet())


def test_a_busy_port_beside_it_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1] - 1
        done = subprocess.run(
            [sys.executable, "manage.py", "demo", "--lan", "--listen", "127.0.0.1", "--port", str(port)],
            cwd=settings.BASE_DIR,
            env=surroundings(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"Port {port + 1}" in done.stderr
