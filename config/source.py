"""The AGPL's promise: whoever uses the system over the network may have its running source."""

import io
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

FOLDERS = (
    *("config", "accounts", "meetings", "documents", "voting", "targets", "realtime"),
    *("templates", "static", "locale", "tests", "bench", "docs", "deploy"),
)
FILES = ("manage.py", "pyproject.toml", "requirements.lock", "README.md", "LICENSE", "CHANGELOG.md")


@require_GET
def source(request: HttpRequest) -> HttpResponseBase:
    """Hand out the source of what runs here, or point to where the installation publishes it."""
    if settings.SOURCE_URL:
        return HttpResponseRedirect(settings.SOURCE_URL)
    answer = HttpResponse(archive(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="phien-{settings.VERSION}.zip"'
    return answer


@cache
def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as files:
        for path in source_files(settings.BASE_DIR):
            files.write(path, Path(f"phien-{settings.VERSION}") / path.relative_to(settings.BASE_DIR))
    return out.getvalue()


def source_files(base: Path) -> Iterator[Path]:
    for name in FILES:
        if (base / name).exists():
            yield base / name
    for folder in FOLDERS:
        for path in sorted((base / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and path.suffix not in {".pyc", ".mo"}:
                yield path
