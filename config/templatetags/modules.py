"""Modules a page needs are named in its head, with all that they import: else a browser finds them layer by layer."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePath, PurePosixPath

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()

IMPORT = re.compile(r"""^\s*(?:import|export)\b[^"';]*?["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)


@register.simple_tag
@cache
def module_preloads(name: str, after: str = "") -> SafeString:
    """<link rel="modulepreload"> for a module and all that it imports, but for what came with an earlier one."""
    known = closure(after) if after else ()
    wanted = [name for name in closure(name) if name not in known]
    return format_html_join("\n  ", '<link rel="modulepreload" href="{}">', ([static(name)] for name in wanted))


@register.simple_tag
@cache
def addresses_needed(*names: str) -> str:
    """Return the addresses of modules and of all that they import, each once."""
    wanted = dict.fromkeys(found for name in names for found in closure(name))
    return " ".join(static(name) for name in wanted)


@cache
def closure(name: str) -> tuple[str, ...]:
    """Return the name of a module under static/ and of all that it imports, the nearest first."""
    found = [name]
    for one in found:
        found += [imported for imported in imports_of(one) if imported not in found]
    return tuple(found)


def imports_of(name: str) -> Iterator[str]:
    place = finders.find(name)
    if place is None:
        raise ValueError(f"There is no module {name}.")
    for target in dict.fromkeys(IMPORT.findall(Path(place).read_text())):
        yield joined(PurePosixPath(name).parent, target)


def joined(folder: PurePath, target: str) -> str:
    """Return a path with its dots resolved: ("js/elements", "../models/x.js") -> "js/models/x.js"."""
    parts = list(folder.parts)
    for part in PurePosixPath(target).parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
