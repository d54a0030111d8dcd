"""Runs the tests of our scripts with node's own test runner. Nothing of it is installed, and no browser is needed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SCRIPTS = sorted(HERE.glob("*.test.js"))


@pytest.fixture(scope="session")
def node() -> str:
    found = shutil.which("node")
    if found is None and os.environ.get("CI"):
        pytest.fail("node is missing, and the tests of the scripts may not be left out here.")
    if found is None:
        pytest.skip("node is missing: the tests of the scripts in tests/js were left out.")
    return found


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts(node: str, script: Path) -> None:
    done = subprocess.run([node, "--test", str(script)], capture_output=True, check=False, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
