"""What takes longest to make in the demo is made once for all tests of it."""

import datetime
from pathlib import Path

import pytest

from config.demo.papers import make_papers

DAY = datetime.date(2026, 11, 23)


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return make_papers(tmp_path_factory.mktemp("papers"), day=DAY)
