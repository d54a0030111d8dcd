"""Acts of the log as sentences."""

import json
from collections import defaultdict
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Act, OrganisationRole

SENTENCES = {
    "organisation_created": gettext_lazy("entered the unit"),
    "organisation_changed": gettext_lazy("changed the details: %(changes)s"),
    "organisation_moved": gettext_lazy("moved the unit below “%(to)s”"),
    "organisation_closed": gettext_lazy("closed the unit from %(on)s on"),
    "organisation_merged": gettext_lazy("merged the unit into %(into)s from %(on)s on"),
    "organisation_took_in": gettext_lazy("merged %(name)s into this unit from %(on)s on"),
    "organisation_reopened": gettext_lazy("opened the unit again"),
    "membership_added": gettext_lazy("entered: %(person)s, %(position)s, from %(from)s"),
    "membership_ended": gettext_lazy("last day in office: %(person)s, %(position)s, %(until)s"),
    "membership_withdrawn": gettext_lazy("took back an office that had not begun: %(person)s, %(position)s"),
    "role_granted": gettext_lazy("gave %(person)s the role “%(role)s”"),
    "role_revoked": gettext_lazy("took from %(person)s the role “%(role)s”"),
}
DAYS = {"on", "from", "until"}


def sentence_of(act: Act) -> str:
    """Say what was done, without who and when; acts without a sentence of their own show their name."""
    facts: dict[str, Any] = defaultdict(str)
    facts.update({name: shown(name, value) for name, value in act.facts.items()})
    facts["changes"] = "; ".join(str(value) for value in new_values(act.facts.get("to")))
    if act.act == "organisation_moved" and not facts["to"]:
        facts["to"] = _("the top")
    return str(SENTENCES[act.act]) % facts if act.act in SENTENCES else act.act.replace("_", " ")


def shown(name: str, value: Any) -> str:
    if name == "role":
        return str(dict(OrganisationRole.Role.choices).get(value, value))
    if name in DAYS and isinstance(value, str):
        return day_of(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def day_of(text: str) -> str:
    try:
        return date_format(date.fromisoformat(text))
    except ValueError:
        return text


def new_values(changed: Any) -> list[str]:
    """What was written, the name first: a database may keep the words of a fact in an order of its own."""
    if not isinstance(changed, dict):
        return []
    return [str(changed[word]) for word in sorted(changed, key=lambda word: (word != "name", word)) if changed[word]]
