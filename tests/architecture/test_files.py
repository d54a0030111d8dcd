"""What no committed file may hold: code inside pages, addresses outside the installation."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SENT_TO_BROWSERS = [*TEMPLATES, *sorted((ROOT / "static").rglob("*.js")), *sorted((ROOT / "static").rglob("*.css"))]
INLINE = re.compile(
    r"<script(?![^>]*(\bsrc=|type=\"application/json\"))|<style|\sstyle=|\son[a-z]+=\"|href=\"javascript:",
    re.IGNORECASE,
)
OUTSIDE = re.compile(r"(https?:)?//(?!www\.w3\.org/)[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_templates_are_found_at_all() -> None:
    assert len(TEMPLATES) > 20


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_no_page_holds_a_script_a_style_or_a_handler(path: Path) -> None:
    text = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [match.group(0) for match in INLINE.finditer(text)] == []


@pytest.mark.parametrize("path", SENT_TO_BROWSERS, ids=relative)
def test_nothing_that_browsers_get_names_an_address_outside(path: Path) -> None:
    assert [match.group(0) for match in OUTSIDE.finditer(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_no_file_of_dependencies_names_a_registry(name: str) -> None:
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_the_lock_and_the_pins_agree() -> None:
    locked = set(re.findall(r"^([A-Za-z0-9._-]+==[^\s;\\]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    pinned = set(re.findall(r'^    "([A-Za-z0-9._-]+==[^\s;"]+)', (ROOT / "pyproject.toml").read_text(), re.MULTILINE))
    assert locked == pinned != set()
