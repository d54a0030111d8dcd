"""The layers hold, and every address, view and template share one name."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

APPS = ("realtime", "accounts", "meetings", "documents", "voting", "targets")
ROOT = Path(settings.BASE_DIR)
# views > forms > actions > events, queries, rules > models: what such a module never imports from its own app.
ABOVE = {
    "models": {"rules", "queries", "events", "actions", "forms", "views", "urls"},
    "rules": {"actions", "forms", "views", "urls"},
    "queries": {"actions", "forms", "views", "urls"},
    "events": {"actions", "forms", "views", "urls"},
    "actions": {"forms", "views", "urls"},
    "forms": {"views", "urls"},
    "views": {"urls"},
}


def test_imports_go_down_only() -> None:
    checked = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("app", APPS)
def test_inside_an_app_imports_go_down_too(app: str) -> None:
    found = [
        f"{app}/{module}.py imports {app}.{name}"
        for module, above in ABOVE.items()
        for name in imported_from_own_app(ROOT / app / f"{module}.py", app)
        if name in above
    ]
    assert found == []


def imported_from_own_app(path: Path, app: str) -> Iterator[str]:
    """Modules of the app that this file imports at its top level."""
    if not path.exists():
        return
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module == app:
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{app}."):
            yield node.module.split(".")[1]


def own_patterns(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from own_patterns(pattern, pattern.namespace or space)
        elif pattern.callback.__module__.split(".")[0] in APPS:
            yield space, pattern


def test_every_view_and_its_url_share_one_name() -> None:
    different = [
        f"{pattern.name} -> {pattern.callback.__name__}"
        for _space, pattern in own_patterns()
        if pattern.name != pattern.callback.__name__
    ]
    assert different == []


@pytest.mark.parametrize("app", ["meetings", "documents", "voting", "targets"])
def test_every_page_template_belongs_to_the_view_of_its_name(app: str) -> None:
    views = {pattern.callback.__name__ for _space, pattern in own_patterns()}
    pages = {path.stem for path in (ROOT / "templates" / app).glob("*.html") if not path.name.startswith("_")}
    assert pages - views == set()


def test_pymupdf_is_imported_by_the_programs_for_children_and_the_demos_paper_maker_alone() -> None:
    allowed = {"documents/rendering.py", "documents/converting.py", "config/demo/papers.py"}
    found = {
        str(path.relative_to(ROOT))
        for app in ("config", *APPS)
        for path in (ROOT / app).rglob("*.py")
        if any(line.strip().startswith(("import pymupdf", "from pymupdf", "import fitz")) for line in path.open())
    }
    assert found <= allowed | {name for name in found if name.startswith("config/demo/")}
    assert "documents/rendering.py" in found
