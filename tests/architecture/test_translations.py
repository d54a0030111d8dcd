"""Every text of the interface has its Vietnamese."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
APPS = ("accounts", "meetings", "documents", "voting", "targets", "realtime", "config")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "gettext_noop": None,
    "npgettext": ((1, "c"), 2, 3),
}


def texts_of(source: str) -> Iterator[tuple[str | None, str]]:
    """(context, English text) of everything marked for translation in Python source."""
    for _line, message, _comments, context in extract(
        "python", io.BytesIO(source.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}
    ):
        first = message[0] if isinstance(message, tuple) else message
        if first:
            yield context, first


def sources() -> list[Path]:
    templates = (ROOT / "templates").rglob("*.html")
    modules = (path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
    return sorted([*templates, *modules])


def test_texts_are_found_at_all() -> None:
    assert (None, "Log in") in list(texts_of(templatize('{% load i18n %}{% translate "Log in" %}')))
    assert len(sources()) > 60


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_has_its_vietnamese(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        source = templatize(source, origin=str(path))
    known = vietnamese()
    missing = sorted({text for context, text in texts_of(source) if (context, text) not in known})
    assert missing == []


def vietnamese() -> set[tuple[str | None, str]]:
    """What our own catalogues translate, and what Django's own does."""
    if not _known:
        for catalogue in [*(ROOT / "locale").glob("vi/**/django.po"), *ROOT.glob("*/locale/vi/LC_MESSAGES/django.po")]:
            with catalogue.open("rb") as lines:
                for message in read_po(lines):
                    first = message.id[0] if isinstance(message.id, tuple) else message.id
                    translated = message.string if isinstance(message.string, str) else all(message.string)
                    if first and translated and not message.fuzzy:
                        _known.add((message.context, first))
    return _known


_known: set[tuple[str | None, str]] = set()


def test_both_languages_are_offered() -> None:
    assert [code for code, _name in settings.LANGUAGES] == ["vi", "en"]
    with translation.override("vi"):
        assert translation.gettext("published") != "published"
