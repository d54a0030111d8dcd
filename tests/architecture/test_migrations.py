"""Migrations are complete, named by people, and run without the apps' code."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

APPS = ("realtime", "accounts", "meetings", "documents", "voting", "targets")
MIGRATIONS = [path for app in APPS for path in sorted((Path(settings.BASE_DIR) / app / "migrations").glob("[0-9]*.py"))]


@pytest.mark.django_db
def test_no_model_changed_without_a_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_a_migration_has_a_name_and_imports_no_logic(path: Path) -> None:
    assert not re.search(r"_auto_|\d{8}", path.stem)
    imported = re.findall(r"^(?:from|import) (\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    # Defaults such as `new_epoch` stand in a models module; the log-in name's manager too.
    logic = [name for name in imported if name.split(".")[0] in APPS and not name.endswith(".models")]
    assert logic == []
