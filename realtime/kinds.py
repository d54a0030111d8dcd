"""Kinds of streams. The apps that know what a stream is about say who may listen and what it shows."""

from typing import Any, Literal

from realtime.principals import Principal


class StreamKind:
    """All streams whose name begins with `prefix` and a colon. All methods are called in threads, in autocommit."""

    prefix: str
    mode: Literal["panels", "entries"]

    def may_listen(self, principal: Principal, name: str) -> bool:
        raise NotImplementedError

    def panels(self, name: str) -> list[str]:
        """Name every panel of this stream (mode "panels")."""
        raise NotImplementedError

    def has_panel(self, name: str, panel: str) -> bool:
        """Say whether this stream has this panel (still). To be said anew where it is less work than to name all."""
        return panel in self.panels(name)

    def render(self, name: str, panel: str, language: str) -> str:
        """Return a panel as it is now, the same for everyone who listens (mode "panels"); `language` is active."""
        raise NotImplementedError

    def state(self, name: str) -> Any:
        """Return everything there is as JSON (mode "entries"), for those who cannot be told the difference.

        Entries younger than the number under which the state is sent may already be in it: applying an entry
        twice must change nothing.
        """
        raise NotImplementedError

    def may_send_ephemera(self, principal: Principal, name: str) -> bool:
        return False


kinds: dict[str, StreamKind] = {}


def register_kind(kind: StreamKind) -> None:
    if kind.prefix in kinds:
        raise ValueError(f"There is a kind of streams called {kind.prefix} already.")
    kinds[kind.prefix] = kind


def kind_of(name: str) -> StreamKind | None:
    prefix, colon, _ = name.partition(":")
    return kinds.get(prefix) if colon else None
