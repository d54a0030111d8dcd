"""Log-in names: what they are made of."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

ALLOWED = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{0,58}[a-z0-9])?")


def cleaned_username(text: str) -> str:
    """Return the log-in name in small letters, or "" for none; logging in does not tell large from small either."""
    name = text.strip().lower()
    if name and not ALLOWED.fullmatch(name):
        raise ValidationError(
            _("A log-in name has plain letters without accents, digits, and . _ - @ between them, at most 60."),
            code="invalid",
        )
    return name
