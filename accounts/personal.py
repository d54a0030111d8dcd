"""What concerns one person alone travels on that person's own stream, as panels that other apps contribute."""

from collections.abc import Callable, Iterable
from functools import partial

from accounts.models import Person
from realtime.kinds import StreamKind
from realtime.principals import Principal
from realtime.streams import touch

Render = Callable[[Person, str], str]
Names = Callable[[Person], Iterable[str]]

_renderers: dict[str, tuple[Render, Names]] = {}
_never_foreign: set[str] = set()


def register_personal_panel(
    prefix: str, render: Render, names: Names | None = None, *, is_never_foreign: bool = False
) -> None:
    """Contribute a panel: `prefix` alone or `prefix:argument`, rendered for one person.

    `names` lists the arguments that are alive for a person; they are what a tablet gets that starts anew. A panel that
    is not among them (any more) is empty; with `is_never_foreign` its `render` says so itself, and nobody is asked.
    """
    _renderers[prefix] = (render, names or partial(_nothing))
    if is_never_foreign:
        _never_foreign.add(prefix)


def _nothing(person: Person) -> Iterable[str]:
    return ()


def stream_of(person_id: int) -> str:
    return f"person:{person_id}"


def touch_people(person_ids: Iterable[int], *panels: str) -> None:
    """Say that these panels changed for these people; inside a transaction."""
    for person_id in sorted(set(person_ids)):
        touch(stream_of(person_id), *panels)


class PersonalStream(StreamKind):
    prefix = "person"
    mode = "panels"

    def may_listen(self, principal: Principal, name: str) -> bool:
        return principal.person_id is not None and name == stream_of(principal.person_id)

    def panels(self, name: str) -> list[str]:
        person = self.person(name)
        return [
            f"{prefix}:{argument}" if argument else prefix
            for prefix, (_render, names) in sorted(_renderers.items())
            for argument in names(person)
        ]

    def has_panel(self, name: str, panel: str) -> bool:
        """Ask the one app that contributes it, where it has to be asked."""
        prefix, _colon, argument = panel.partition(":")
        if prefix in _never_foreign:
            return True
        return prefix in _renderers and argument in _renderers[prefix][1](self.person(name))

    def render(self, name: str, panel: str, language: str) -> str:
        prefix, _colon, argument = panel.partition(":")
        if prefix not in _renderers:
            return ""
        return _renderers[prefix][0](self.person(name), argument)

    def person(self, name: str) -> Person:
        """The person, of whom nothing is read yet but the key: most panels need no more."""
        return Person.from_db(None, ["id"], [int(name.partition(":")[2])])
