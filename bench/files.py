"""Serves the files of the working folder, with ranges, packed where a packed one lies beside; says its port first."""

from typing import Any

from twisted.internet import reactor
from twisted.web.server import Site
from twisted.web.static import File, getTypeAndEncoding

TYPES = {**File.contentTypes, ".mjs": "text/javascript", ".wasm": "application/wasm"}
PROGRAMS_ARE_KEPT, PAPERS_ARE_KEPT = "max-age=31536000, immutable", "private, max-age=3600"


class PackedFile(File):  # type: ignore[misc]
    contentTypes = TYPES  # noqa: N815 - Twisted's name

    def render_GET(self, request: Any) -> Any:  # noqa: N802 - Twisted's name
        is_paper = self.path.endswith(".pdf")
        request.setHeader("Cache-Control", PAPERS_ARE_KEPT if is_paper else PROGRAMS_ARE_KEPT)
        packed = PackedFile(f"{self.path}.gz")
        if packed.exists() and "gzip" in (request.getHeader("accept-encoding") or ""):
            packed.type, packed.encoding = getTypeAndEncoding(self.basename(), TYPES, {}, self.defaultType)[0], "gzip"
            return packed.render_GET(request)
        return super().render_GET(request)


if __name__ == "__main__":
    listening = reactor.listenTCP(0, Site(PackedFile(".")), interface="127.0.0.1")
    print(listening.getHost().port, flush=True)
    reactor.run()
