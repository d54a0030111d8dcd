"""An announced result as a table that leaves the house: numbers, rules, and who voted how."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from voting.models import Poll
from voting.results import Line, names_by_choice, table_of
from voting.tally import BASES, percent
from voting.words import BASES as BASE_WORDS
from voting.words import OUTCOMES, choice_in_words, spoken


def rows_of(poll: Poll) -> Iterator[list[str]]:
    """Yield the rows, of which the first is the header. Fetch the poll `with_ballots`."""
    table = table_of(poll)
    yield [_("Result of the vote"), poll.question]
    yield [_("Meeting"), poll.meeting.title]
    yield [_("agenda item"), poll.item.title]
    for label, at in (
        (_("Opened"), poll.opened_at),
        (_("Closed"), poll.closed_at),
        (_("Announced"), poll.announced_at),
    ):
        yield [label, date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""]
    yield [_("Decided by"), f"{poll.rules['name']}. {poll.rules['source']}".strip()]
    yield [_("Outcome"), str(OUTCOMES[poll.outcome])]
    yield [_("To be read aloud"), spoken(poll, table)]
    for correction in poll.corrections.all():
        yield [_("Correction"), correction.words]
    yield []
    if table.subjects:
        yield ["", *[choice_in_words(option) for option in poll.options], _("Outcome")]
        for one in table.subjects:
            yield [one.label, *[str(number) for _level, number, _part in one.cells], str(OUTCOMES[one.outcome])]
    else:
        yield [_("Choice"), _("Number"), *[f"{BASE_WORDS[base]} ({table.bases[base]})" for base in BASES]]
        for line in table.lines:
            yield [choice_in_words(vars(line)), str(line.number), *parts_in_words(line)]
    yield []
    yield from names_in_rows(poll)


def parts_in_words(line: Line) -> list[str]:
    found = [percent(part) for part in line.parts.values()]
    return ["" if part is None else f"{part} %" for part in found]


def names_in_rows(poll: Poll) -> Iterator[list[str]]:
    yield [_("Member"), _("position"), _("Stands in for"), _("Choice"), _("How the ballot came"), _("Written down by")]
    heads = {option["key"]: choice_in_words(option) for option in poll.options}
    for subject in poll.subjects:
        heads |= {
            f"{subject['key']}={key}": f"{subject['label']}: {heads[key]}" for key in list(heads) if "=" not in key
        }
    heads |= {"": _("Present, no ballot"), "absent": _("Absent")}
    for key, voices in names_by_choice(poll).items():
        for voice in voices:
            elector, ballot = voice.elector, voice.ballot
            stands_for = elector.stands_for.full_name if elector.stands_for else ""
            how = str(ballot.get_how_display()) if ballot else ""
            recorder = ballot.recorded_by.full_name if ballot and ballot.recorded_by else ""
            yield [elector.person.full_name, elector.title, stands_for, heads.get(key, key), how, recorder]
