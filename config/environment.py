"""What the environment may say, typed once; nonsense stops the start with a sentence."""

import os
from collections.abc import Mapping
from pathlib import Path
from shutil import which
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class Environment:
    """Reads variables from a mapping and remembers which were asked for, so that a misspelt one can be named."""

    def __init__(self, values: Mapping[str, str] = os.environ) -> None:
        self.values = values
        self.asked: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        self.asked.add(name)
        return self.values.get(name, default).strip()

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.text(name, "1" if default else "0").lower()
        if value in TRUE:
            return True
        if value in FALSE:
            return False
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")

    def number(self, name: str, default: int, *, at_least: int = 0) -> int:
        value = self.text(name, str(default))
        if not value.isdecimal() or int(value) < at_least:
            raise ImproperlyConfigured(f"{name} must be a whole number of at least {at_least}, not {value!r}.")
        return int(value)

    def words(self, name: str, default: str = "") -> list[str]:
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def folder(self, name: str, default: Path) -> Path:
        return Path(self.text(name) or default).expanduser().resolve()

    def program(self, name: str, *usual: str) -> str:
        """Return where the program is: as the variable says, or the first of its usual names that is there, or ""."""
        told = self.text(name)
        if told and which(told) is None:
            raise ImproperlyConfigured(f"{name} must name a program that can be run, not {told!r}.")
        return next((found for found in map(which, [told] if told else usual) if found), "")

    def refuse_unknown(self, prefix: str) -> None:
        unknown = sorted(name for name in self.values if name.startswith(prefix) and name not in self.asked)
        if unknown:
            raise ImproperlyConfigured(f"Unknown settings in the environment: {', '.join(unknown)}.")


def database(url: str, folder: Path) -> dict[str, Any]:
    """Return Django's settings for a database URL: `postgres://user:password@host:port/name` or `sqlite:///path`.

    Without a URL it is a SQLite file in `folder`. Raises ImproperlyConfigured for anything else.
    """
    if not url:
        return sqlite(folder / "phien.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and parts.path.strip("/"):
        return sqlite(Path(parts.path))
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must read postgres://user:password@host:port/name or sqlite:///path.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        # ASGI and persistent connections do not go together: a pool lends them instead.
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            # Compiling a query that searches 40,000 pages would take 1500 ms, and running it takes 100.
            "options": "-c jit=off",
            **dict(parse_qsl(parts.query)),
            "pool": {"min_size": 2, "max_size": 16, "timeout": 10},
        },
    }


def sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: NORMAL may forget a committed ballot when the power fails.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
        },
        # A file: connections cannot share SQLite's memory database, and streams are read by several threads.
        "TEST": {"NAME": str(path.with_name("test.sqlite3"))},
    }
