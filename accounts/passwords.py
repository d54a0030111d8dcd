"""Passwords that are made by the system and shown once."""

import secrets

# Nothing that is mistaken for something else when it is read from a slip of paper: no 0/o, 1/l/i.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 3, 4


def new_password() -> str:
    """Return twelve letters in groups of four: 59 bits, easily typed on a tablet."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)
