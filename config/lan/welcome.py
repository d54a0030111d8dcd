"""The page a tablet opens first, without TLS: what to do so that it trusts the demonstration, and the certificate."""

import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from config.lan.authority import Certificates

CERTIFICATE = "/phien-demo-ca.crt"
STYLE = "/lan.css"
STYLE_FILE = Path("css") / "lan.css"


def welcome_tablets(*, listen: str, port: int, certificates: Certificates, address: str) -> ThreadingHTTPServer:
    """Serve the page beside the demonstration, in a thread, until the command ends."""
    pages = pages_for(certificates, address)

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = pages.get(self.path.partition("?")[0], (None, b""))
            if kind is None:
                self.send_response(HTTPStatus.FOUND)  # whatever a tablet asks for to see whether it is online
                self.send_header("Location", "/")
                self.end_headers()
                return
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer((listen, port), Page)
    threading.Thread(target=server.serve_forever, name="lan-welcome", daemon=True).start()
    return server


def pages_for(certificates: Certificates, address: str) -> Mapping[str, tuple[str, bytes]]:
    facts = {"address": address, "certificate": CERTIFICATE, "fingerprint": certificates.fingerprint, "style": STYLE}
    texts = []
    for language in ("vi", "en"):
        with translation.override(language):
            texts.append(render_to_string("demo/_lan_steps.html", facts))
    page = render_to_string("demo/lan.html", {**facts, "texts": texts})
    return {
        "/": ("text/html; charset=utf-8", page.encode()),
        CERTIFICATE: ("application/x-x509-ca-cert", certificates.authority.read_bytes()),
        STYLE: ("text/css; charset=utf-8", (settings.BASE_DIR / "static" / STYLE_FILE).read_bytes()),
    }
