"""`uv run deploy/lock.py` resolves the dependencies again: writes requirements.lock and its pins into pyproject.toml.

`uv run` reads the pins (constraint-dependencies), servers install the lock with `--require-hashes`.
Neither file names a registry, so an installation may use whichever mirror it trusts.
"""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = [
    "uv", "pip", "compile", "--universal", "--generate-hashes", "--no-header", "--no-annotate",
    "--no-emit-index-url", "--no-emit-find-links", "--all-extras",
    "--group", "test", "--group", "lint", "--group", "bench",
    "--output-file", "requirements.lock", "pyproject.toml",
]  # fmt: skip
BEGIN, END = "# pins: written by deploy/lock.py\n", "# end of pins\n"


def main() -> None:
    # The old pins must not hold the new resolution back.
    write_pins([])
    subprocess.run(COMPILE, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - fixed words, no user input
    write_pins(pins_in((ROOT / "requirements.lock").read_text(encoding="utf-8")))


def pins_in(lock: str) -> list[str]:
    """Return the requirement of each locked package, without its hashes."""
    return [line.rstrip(" \\") for line in lock.splitlines() if re.match(r"[A-Za-z0-9]", line)]


def write_pins(pins: list[str]) -> None:
    path = ROOT / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    quoted = "".join(f'    "{pin.replace(chr(34), chr(39))}",\n' for pin in pins)
    path.write_text(f"{head}{BEGIN}constraint-dependencies = [\n{quoted}]\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
