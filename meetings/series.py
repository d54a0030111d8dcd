"""Everything that changes a series of meetings: its rules, its default members, its agenda template.

One transaction each: lock the series, ask the rules, write, record in the chain of its organisation.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.acts import record
from accounts.models import Membership, Organisation, Person
from accounts.words import fold
from meetings.models import MeetingSeries, Participant, RuleSet, SeriesMember
from meetings.rules import may_prepare_for
from meetings.series_rules import GUESTS, VOTING_ROLES, fits, may_change_series
from realtime.refusals import Refusal
from realtime.transactions import one_transaction

Role = Participant.Role

LONGEST_MEETING_MINUTES = 7 * 24 * 60  # a council may sit for days
LONGEST_LINE_MINUTES = 24 * 60
MOST_LINES = 60  # what an agenda can carry; a longer one is a paper that was pasted in
LONGEST_LINE_TITLE = 300

# How the log of acts says them, see accounts/told.py.
SENTENCES = {
    "series_created": gettext_lazy("made the series “%(name)s”"),
    "series_changed": gettext_lazy("changed the series “%(name)s”: %(changes)s"),
    "series_ended": gettext_lazy("ended the series “%(name)s”"),
    "series_reopened": gettext_lazy("opened the series “%(name)s” again"),
    "series_members_added": gettext_lazy("put into the series “%(name)s”: %(people)s"),
    "series_member_changed": gettext_lazy("changed in the series “%(name)s”: %(person)s"),
    "series_member_removed": gettext_lazy("took out of the series “%(name)s”: %(person)s"),
    "series_template_changed": gettext_lazy("changed the agenda template of the series “%(name)s”"),
}


# -- The series itself -------------------------------------------------------------------------------------------------


def create_series(
    *,
    by: Person,
    organisation: Organisation,
    name: str,
    rule_set: RuleSet,
    planned_minutes: int,
    **more: Any,
) -> MeetingSeries:
    """Make a series without members and agenda; both come afterwards."""
    if not may_prepare_for(by, organisation):
        raise Refusal("forbidden", _("You do not prepare meetings of this unit."))
    with one_transaction():
        organisation = locked_unit(organisation)
        series = MeetingSeries(
            organisation=organisation, name=name, rule_set=rule_set, planned_minutes=planned_minutes, **more
        )
        refuse_used_name(series)
        refuse_foreign_rules(series)
        refuse_odd_length(planned_minutes, most=LONGEST_MEETING_MINUTES)
        series.save()
        note(series, "series_created", by=by, facts={"rule_set": rule_set.name})
    return series


def change_series(series: MeetingSeries, *, by: Person, **changes: Any) -> None:
    """Change name, kind, rules, room, length; the unit only as long as no meeting belongs to the series."""
    with one_transaction():
        locked_unit(series.organisation)
        series = open_to_changes(series, by)
        changed = [name for name, value in changes.items() if getattr(series, name) != value]
        if not changed:
            return
        before = {name: str(getattr(series, name)) for name in changed}
        for name in changed:
            setattr(series, name, changes[name])
        if "organisation" in changed:
            refuse_to_leave_meetings(series)
            refuse_unless_preparer(series, by)
        if {"name", "organisation"} & set(changed):
            refuse_used_name(series)
        if {"rule_set", "organisation"} & set(changed):
            refuse_foreign_rules(series)
        refuse_odd_length(series.planned_minutes, most=LONGEST_MEETING_MINUTES)
        series.save()
        note(series, "series_changed", by=by, facts={"from": before, "to": {n: str(changes[n]) for n in changed}})


def end_series(series: MeetingSeries, *, by: Person) -> None:
    """No new meeting starts from the series any more; those it has stay as they are."""
    with one_transaction():
        series = open_to_changes(series, by)
        series.ended_on = timezone.localdate()
        series.save(update_fields=["ended_on"])
        note(series, "series_ended", by=by)


def reopen_series(series: MeetingSeries, *, by: Person) -> None:
    with one_transaction():
        series = locked(series)
        refuse_unless_preparer(series, by)
        if series.ended_on is None:
            raise Refusal("not_ended", _("The series has not ended."))
        series.ended_on = None
        series.save(update_fields=["ended_on"])
        note(series, "series_reopened", by=by)


# -- Default members ---------------------------------------------------------------------------------------------------


def put_member(series: MeetingSeries, person: Person, *, by: Person, role: str = Role.MEMBER) -> SeriesMember:
    if series.default_members.filter(person=person).exists():
        raise Refusal("already_in", _("%(name)s belongs to the series already.") % {"name": person.full_name})
    return put_members(series, [person], by=by, role=role)[0]


def put_unit(series: MeetingSeries, unit: Organisation, *, by: Person, role: str = Role.MEMBER) -> list[SeriesMember]:
    """Put in everybody who is in office in the unit today and not there yet."""
    return put_members(series, Person.objects.members_of(unit, on=timezone.localdate()), by=by, role=role, unit=unit)


def put_members(
    series: MeetingSeries,
    people: Iterable[Person],
    *,
    by: Person,
    role: str = Role.MEMBER,
    unit: Organisation | None = None,
) -> list[SeriesMember]:
    """Put in several people as the same; those who are there already stay what they are."""
    with one_transaction():
        series = open_to_changes(series, by)
        there = set(series.default_members.values_list("person_id", flat=True))
        coming = [person for person in people if person.pk not in there]
        votes = role in VOTING_ROLES
        titles = titles_of(coming, series.organisation)
        members = [
            SeriesMember(
                series=series, person=person, role=role, has_vote=votes, organisation=unit, title=titles[person.pk]
            )
            for person in coming
        ]
        if role == Role.CHAIR:
            refuse_two_chairs(series, members)
        SeriesMember.objects.bulk_create(members)
        if members:
            names = ", ".join(person.full_name for person in coming)
            note(series, "series_members_added", by=by, facts={"people": names, "role": role})
    return members


def change_member(member: SeriesMember, *, by: Person, **changes: Any) -> None:
    """Change role, vote, whether head of the body, title, unit; a new role alone brings the vote that belongs to it."""
    with one_transaction():
        series = open_to_changes(member.series, by)
        member = SeriesMember.objects.select_for_update(no_key=True).select_related("person").get(pk=member.pk)
        if "role" in changes and "has_vote" not in changes and changes["role"] != member.role:
            changes["has_vote"] = changes["role"] in VOTING_ROLES
        for name, value in changes.items():
            setattr(member, name, value)
        refuse_odd_place(series, member)
        member.save()
        facts = {"person": member.person.full_name, "now": {name: str(value) for name, value in changes.items()}}
        note(series, "series_member_changed", by=by, facts=facts)


def remove_member(member: SeriesMember, *, by: Person) -> None:
    """Meetings that were made already keep the person."""
    with one_transaction():
        series = open_to_changes(member.series, by)
        note(series, "series_member_removed", by=by, facts={"person": member.person.full_name})
        SeriesMember.objects.filter(pk=member.pk).delete()


def refuse_odd_place(series: MeetingSeries, member: SeriesMember) -> None:
    """The same rules as for participants of a meeting, and a head who can decide a tie."""
    if member.role == Role.CHAIR:
        refuse_two_chairs(series, [member])
    if member.has_vote and member.role in GUESTS:
        raise Refusal("guest_with_vote", _("Invitees and observers have no vote; choose another role first."))
    if member.is_head and not member.has_vote:
        raise Refusal("head_without_vote", _("The head of the body decides a tie, and so needs a vote."))
    if member.is_head and series.default_members.filter(is_head=True).exclude(pk=member.pk).exists():
        raise Refusal("two_heads", _("The series has a head of the body already; take that from the other one first."))


def refuse_two_chairs(series: MeetingSeries, chairs: Sequence[SeriesMember]) -> None:
    others = series.default_members.filter(role=Role.CHAIR).exclude(pk__in=[chair.pk for chair in chairs if chair.pk])
    if len(chairs) > 1 or (chairs and others.exists()):
        raise Refusal("two_chairs", _("A meeting has one chair; give the others another role."))


def titles_of(people: Sequence[Person], organisation: Organisation) -> dict[int, str]:
    """The position each of them holds today, that in the series' own unit first."""
    held = Membership.objects.on(timezone.localdate()).filter(person__in=people)
    rows = sorted(
        held.select_related("position", "organisation"),
        key=lambda row: (row.organisation_id != organisation.pk, row.position.rank),
    )
    titles = {person.pk: "" for person in people}
    for row in rows:
        titles[row.person_id] = titles[row.person_id] or f"{row.position.name} {row.organisation.short_name}"[:160]
    return titles


# -- Agenda template ---------------------------------------------------------------------------------------------------


def state_of_template(series: MeetingSeries) -> str:
    """What a page has seen of the template, in 12 letters: lines are known by their place, and places shift."""
    text = json.dumps(series.agenda_template, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def add_line(series: MeetingSeries, *, by: Person, title: str, planned_minutes: int) -> None:
    """Put a line at the end. Nothing seen is asked for: the end is the end."""
    with one_transaction():
        series = open_to_changes(series, by)
        if len(series.agenda_template) >= MOST_LINES:
            words = _("An agenda template has at most %(most)d lines. Remove one first.")
            raise Refusal("too_many_lines", words % {"most": MOST_LINES})
        keep_template(series, [*series.agenda_template, line(title, planned_minutes)], by=by)


def change_line(series: MeetingSeries, place: int, *, by: Person, seen: str, title: str, planned_minutes: int) -> None:
    """Write the line at `place` (from 1) anew."""
    with one_transaction():
        series, lines = as_seen(series, place, by=by, seen=seen)
        lines[place - 1] = line(title, planned_minutes)
        keep_template(series, lines, by=by)


def remove_line(series: MeetingSeries, place: int, *, by: Person, seen: str) -> None:
    with one_transaction():
        series, lines = as_seen(series, place, by=by, seen=seen)
        del lines[place - 1]
        keep_template(series, lines, by=by)


def move_line(series: MeetingSeries, place: int, *, by: Person, seen: str, to: int) -> None:
    """Give the line at `place` the place `to`; both count from 1."""
    with one_transaction():
        series, lines = as_seen(series, place, by=by, seen=seen)
        lines.insert(max(0, to - 1), lines.pop(place - 1))
        keep_template(series, lines, by=by)


def line(title: str, planned_minutes: int) -> dict[str, Any]:
    title = " ".join(title.split())
    if not title:
        raise Refusal("no_title", _("Give the item a title."))
    refuse_odd_length(planned_minutes, most=LONGEST_LINE_MINUTES)
    return {"title": title[:LONGEST_LINE_TITLE], "planned_minutes": planned_minutes}


def as_seen(series: MeetingSeries, place: int, *, by: Person, seen: str) -> tuple[MeetingSeries, list[dict[str, Any]]]:
    """The locked series and its lines, if they still are those the page showed."""
    series = open_to_changes(series, by)
    if seen != state_of_template(series) or not 1 <= place <= len(series.agenda_template):
        raise Refusal(
            "changed_meanwhile", _("Somebody changed the agenda template meanwhile. Look at it again, then repeat.")
        )
    return series, list(series.agenda_template)


def keep_template(series: MeetingSeries, lines: list[dict[str, Any]], *, by: Person) -> None:
    if lines == series.agenda_template:
        return
    series.agenda_template = lines
    series.save(update_fields=["agenda_template"])
    note(series, "series_template_changed", by=by, facts={"lines": lines})


# -- Shared steps ------------------------------------------------------------------------------------------------------


def open_to_changes(series: MeetingSeries, by: Person) -> MeetingSeries:
    series = locked(series)
    refuse_unless_preparer(series, by)
    if series.ended_on is not None:
        raise Refusal("series_ended", _("The series has ended. Open it again to change it."))
    return series


def locked(series: MeetingSeries) -> MeetingSeries:
    """The series as it is now; no meeting can be made of it until the end of the transaction."""
    rows = MeetingSeries.objects.select_related("organisation", "rule_set")
    return rows.select_for_update(of=("self",)).get(pk=series.pk)


def locked_unit(organisation: Organisation) -> Organisation:
    """Two series of one unit that want the same name wait for one another."""
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def refuse_unless_preparer(series: MeetingSeries, by: Person) -> None:
    if not may_change_series(by, series):
        raise Refusal("forbidden", _("You do not prepare meetings of this unit."))


def refuse_used_name(series: MeetingSeries) -> None:
    names = MeetingSeries.objects.filter(organisation=series.organisation).exclude(pk=series.pk)
    if fold(series.name) in {fold(name) for name in names.values_list("name", flat=True)}:
        raise Refusal("name_used", _("The unit has a series of this name already. Give it another name."))


def refuse_foreign_rules(series: MeetingSeries) -> None:
    if not fits(series.rule_set, series.organisation):
        words = _("The rules “%(rules)s” do not hold for %(unit)s today. Choose others.")
        raise Refusal("foreign_rules", words % {"rules": series.rule_set.name, "unit": series.organisation.short_name})


def refuse_to_leave_meetings(series: MeetingSeries) -> None:
    if series.meetings.exists():
        raise Refusal("has_meetings", _("The series has meetings and stays with its unit. Make a new series instead."))


def refuse_odd_length(minutes: int, *, most: int) -> None:
    if not 1 <= minutes <= most:
        raise Refusal("odd_length", _("Give a length from 1 to %(most)d minutes.") % {"most": most})


def note(series: MeetingSeries, act: str, *, by: Person, facts: Mapping[str, Any] | None = None) -> None:
    """Write the act to the chain of the series' organisation."""
    told = {"name": series.name, **(facts or {})}
    record(f"organisation:{series.organisation_id}", act, by=by, about=f"series:{series.pk}", facts=told)
