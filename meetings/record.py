"""The record of a meeting, item by item: time, who spoke, what was concluded, and what other apps know of each item."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import Person
from meetings.agenda import Line, lines_of
from meetings.models import Conclusion, Meeting, Speech

# By the item's key, what stands under it, as HTML rendered by a template.
OfItems = Callable[[Meeting, Person], dict[int, list[str]]]

_of_items: list[OfItems] = []


@dataclass(frozen=True)
class ItemRecord:
    """What is left of one item."""

    line: Line
    speeches: list[Speech]
    conclusion: Conclusion | None
    more: list[str]


def register_record_of_items(teller: OfItems) -> OfItems:
    _of_items.append(teller)
    return teller


def items_of_record(meeting: Meeting, person: Person) -> dict[str, Any]:
    """Every item this person may see, in the order of the agenda."""
    visible = meeting.items.visible_to(person)
    speeches = defaultdict(list)
    for speech in Speech.objects.filter(item__in=visible).select_related("participant__person"):
        speeches[speech.item_id].append(speech)
    written = Conclusion.objects.filter(item__in=visible).exclude(text="").select_related("written_by")
    conclusions = {conclusion.item_id: conclusion for conclusion in written}
    more: defaultdict[int, list[Any]] = defaultdict(list)
    for teller in _of_items:
        for key, told in teller(meeting, person).items():
            more[key] += told
    return {
        "records": [
            ItemRecord(line, speeches[line.item.pk], conclusions.get(line.item.pk), more[line.item.pk])
            for line in lines_of(meeting, visible=visible)
        ]
    }
