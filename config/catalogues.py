"""Compile the translations at start: GNU gettext may be missing, and compiled files do not belong in the repository."""

import gettext
import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import trans_real

APPS = ("accounts", "meetings", "documents", "voting", "targets", "realtime", "config")


def compile_catalogues() -> None:
    """Write each catalogue's .mo where it is missing or older than its .po."""
    stale = [source for source in catalogues() if is_stale(source)]
    for source in stale:
        compile_catalogue(source, source.with_suffix(".mo"))
    if stale:
        forget_what_was_read()


def is_stale(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime


def forget_what_was_read() -> None:
    """Models were imported before and some asked for a text: without this the first start would speak English."""
    gettext._translations = {}  # type: ignore[attr-defined]
    trans_real._translations = {}  # type: ignore[attr-defined]
    trans_real._default = None  # type: ignore[attr-defined]


def catalogues() -> list[Path]:
    folders = [settings.BASE_DIR / "locale", *(settings.BASE_DIR / app / "locale" for app in APPS)]
    return [path for folder in folders for path in sorted(folder.glob("*/LC_MESSAGES/django.po"))]


def compile_catalogue(source: Path, target: Path) -> None:
    from babel.messages.mofile import write_mo  # imported by every process otherwise, needed after a change alone
    from babel.messages.pofile import read_po

    with source.open("rb") as lines:
        catalogue = read_po(lines, abort_invalid=True)
    # Several processes may start at once: each writes its own file and puts it in place whole.
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    with draft.open("wb") as out:
        write_mo(out, catalogue)
    draft.replace(target)
