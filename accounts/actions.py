"""Everything that changes units, people, offices, roles and accounts.

One transaction each: lock, ask the rules, write, record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import rules
from accounts.acts import INSTALLATION, record
from accounts.models import Membership, Organisation, OrganisationLevel, OrganisationRole, Person, Position
from accounts.passwords import new_password
from accounts.words import fold
from realtime.principals import logged_out, rights_changed
from realtime.refusals import Refusal
from realtime.transactions import one_transaction

Role = OrganisationRole.Role
DAY = timedelta(days=1)
NAMES_IN_A_SENTENCE = 5


@dataclass(frozen=True)
class Office:
    """A position in a unit from a day on, until a day if it is known (both days included)."""

    organisation: Organisation
    position: Position
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True)
class NewPerson:
    """One line of an import: a person, the account if there is a log-in name, and the first office."""

    full_name: str
    username: str
    email: str
    phone: str
    office: Office


# -- Units -------------------------------------------------------------------------------------------------------------


def create_organisation(
    *,
    by: Person,
    parent: Organisation | None,
    name: str,
    short_name: str,
    kind: str,
    level: OrganisationLevel | None = None,
    opened_on: date | None = None,
) -> Organisation:
    with one_transaction():
        refuse_unless_may_place_below(by, parent)
        refuse_closed(parent)
        organisation = Organisation.objects.create(
            parent=parent, name=name, short_name=short_name, kind=kind, level=level, opened_on=opened_on
        )
        note(organisation, "organisation_created", by=by, facts={"name": name, "parent": str(parent or "")})
    return organisation


def change_organisation(organisation: Organisation, *, by: Person, **changes: Any) -> None:
    """Change name, short name, kind, level, day of opening. The former values stay in the log."""
    with one_transaction():
        organisation = locked(organisation)
        refuse_unless_administrator(by, organisation)
        changed = [name for name, value in changes.items() if getattr(organisation, name) != value]
        if not changed:
            return
        before = {name: told(getattr(organisation, name)) for name in changed}
        for name in changed:
            setattr(organisation, name, changes[name])
        organisation.save(update_fields=changed)
        after = {name: told(changes[name]) for name in changed}
        note(
            organisation, "organisation_changed", by=by, facts={"name": organisation.name, "from": before, "to": after}
        )


def move_organisation(organisation: Organisation, *, by: Person, to: Organisation | None) -> None:
    """Hang the unit, with all below it, under another one."""
    with one_transaction():
        # All rows: two moves at once, each harmless by itself, could close a ring.
        list(Organisation.objects.order_by("pk").select_for_update().values_list("pk", flat=True))
        organisation = Organisation.objects.select_related("parent").get(pk=organisation.pk)
        target_id = to.pk if to else None
        if organisation.parent_id == target_id:
            return
        refuse_unless_may_place(by, organisation)
        refuse_unless_may_place_below(by, to)
        refuse_closed(to)
        if to and organisation.pk in rules.line_above(to):
            words = {"unit": organisation.name, "other": to.name}
            raise Refusal(
                "a_ring", _("%(other)s is %(unit)s itself or stands below it. Choose a unit outside.") % words
            )
        affected = holders_of_roles_above(organisation)
        facts = {"name": organisation.name, "from": str(organisation.parent or ""), "to": str(to or "")}
        organisation.parent = to
        organisation.save(update_fields=["parent"])
        note(organisation, "organisation_moved", by=by, facts=facts)
        look_at_rights_again(affected | holders_of_roles_above(organisation))


def close_organisation(organisation: Organisation, *, by: Person, on: date) -> None:
    """From that day on the unit is closed; the offices held in it end the day before. Nothing is deleted."""
    with one_transaction():
        organisation = locked(organisation)
        refuse_unless_can_be_closed(by, organisation, on)
        still_open = list(organisation.children.filter(closed_on=None).values_list("name", flat=True))
        if still_open:
            words = {"units": spoken_names(still_open)}
            raise Refusal("units_below", _("Still open below it: %(units)s. Close, merge or move them first.") % words)
        ended = end_offices_of(organisation, on)
        organisation.closed_on = on
        organisation.save(update_fields=["closed_on"])
        note(
            organisation, "organisation_closed", by=by, facts={"name": organisation.name, "on": on, "ended": len(ended)}
        )
        look_at_rights_again(ended | holders_of_roles_above(organisation))


def merge_organisation(
    organisation: Organisation, *, by: Person, into: Organisation, on: date, take_people: bool = True
) -> None:
    """Close the unit on that day and say what became of it.

    Units below it go below the other one; with `take_people` the people in office hold the same position there from
    that day on. Past offices, meetings and acts stay with the closed unit.
    """
    with one_transaction():
        organisation, into = both_locked(organisation, into)
        refuse_unless_can_be_closed(by, organisation, on)
        refuse_unless_administrator(by, into)
        refuse_closed(into)
        if organisation.pk in rules.line_above(into):
            raise Refusal("a_ring", _("A unit is merged into one that does not stand below it. Choose another one."))
        affected = holders_of_roles_above(organisation) | holders_of_roles_above(into)
        in_office = list(Membership.objects.on(on - DAY).filter(organisation=organisation))
        ended = end_offices_of(organisation, on)
        if take_people:
            take_over_offices(in_office, into, on)
        organisation.children.filter(closed_on=None).update(parent=into)
        organisation.closed_on, organisation.merged_into = on, into
        organisation.save(update_fields=["closed_on", "merged_into"])
        facts = {"name": organisation.name, "into": into.name, "on": on}
        note(organisation, "organisation_merged", by=by, facts=facts)
        note(into, "organisation_took_in", by=by, facts=facts)
        look_at_rights_again(affected | ended)


def reopen_organisation(organisation: Organisation, *, by: Person) -> None:
    """Take a closing back. Offices that ended with it stay ended: who holds them again is said anew."""
    with one_transaction():
        organisation = locked(organisation)
        refuse_unless_may_place(by, organisation)
        if organisation.closed_on is None:
            raise Refusal("is_open", _("The unit is open already."))
        refuse_closed(organisation.parent)
        organisation.closed_on = organisation.merged_into = None
        organisation.save(update_fields=["closed_on", "merged_into"])
        note(organisation, "organisation_reopened", by=by, facts={"name": organisation.name})
        look_at_rights_again(holders_of_roles_above(organisation))


def end_offices_of(organisation: Organisation, on: date) -> set[int]:
    """End the offices held in the unit on the day before; return whose they were."""
    running = rules.not_ended(organisation.memberships.all(), on)
    later = [str(membership.person) for membership in running.filter(valid_from__gte=on).select_related("person")]
    if later:
        words = {"people": spoken_names(later), "day": date_format(on)}
        raise Refusal(
            "begins_later",
            _("%(people)s would begin here on %(day)s or later. Withdraw that office, or choose a later day.") % words,
        )
    people = set(running.values_list("person_id", flat=True))
    running.update(valid_until=on - DAY)
    return people


def take_over_offices(memberships: Sequence[Membership], into: Organisation, on: date) -> None:
    held = set(Membership.objects.on(on).filter(organisation=into).values_list("person_id", "position_id"))
    Membership.objects.bulk_create(
        Membership(person_id=one.person_id, organisation=into, position_id=one.position_id, valid_from=on)
        for one in memberships
        if (one.person_id, one.position_id) not in held and (one.valid_until is None or one.valid_until >= on)
    )


# -- People and offices ------------------------------------------------------------------------------------------------


def create_person(
    *, by: Person, full_name: str, office: Office | None, username: str = "", email: str = "", phone: str = ""
) -> tuple[Person, str]:
    """Enter a person with the first office. Return the person, and the first password if there is a log-in name."""
    password = new_password() if username else ""
    hashed = make_password(password or None)  # before the transaction: a good hash takes its time
    with one_transaction():
        person = enter_person(
            by=by,
            office=office,
            full_name=full_name,
            username=username,
            email=email,
            phone=phone,
            password=hashed,
            must_choose_password=bool(password),
        )
    return person, password


def import_people(people: Sequence[NewPerson], *, by: Person) -> list[Person]:
    """Enter all of them or none. Accounts have no password yet: see `set_password`."""
    with one_transaction():
        entered = [
            enter_person(
                by=by,
                office=one.office,
                full_name=one.full_name,
                username=one.username,
                email=one.email,
                phone=one.phone,
                password=make_password(None),
            )
            for one in people
        ]
        record(INSTALLATION, "people_imported", by=by, about="installation", facts={"count": len(entered)})
    return entered


def enter_person(*, by: Person, office: Office | None, **fields: Any) -> Person:
    if office is None and not rules.is_system_admin(by):
        raise Refusal("no_office", _("Say in which unit the person holds office, and which."))
    person = Person.objects.create(**fields)
    facts = {"person": person.full_name, "username": person.username or ""}
    record(INSTALLATION, "person_created", by=by, about=about_person(person), facts=facts)
    if office is not None:
        enter_office(person, office, by=by)
    return person


def change_person(person: Person, *, by: Person, **changes: Any) -> None:
    """Change name, e-mail, telephone; also the log-in name, by whoever keeps the account."""
    with one_transaction():
        person = Person.objects.select_for_update().get(pk=person.pk)
        changed = [name for name, value in changes.items() if (getattr(person, name) or "") != (value or "")]
        if not changed:
            return
        refuse_unless_keeper(by, person)
        if "username" in changed and not changes["username"] and person.has_usable_password():
            raise Refusal("has_account", _("The person has an account. Close it instead of removing its log-in name."))
        before = {name: getattr(person, name) or "" for name in changed}
        for name in changed:
            setattr(person, name, changes[name])
        person.save()
        facts = {"person": person.full_name, "from": before, "to": {name: changes[name] or "" for name in changed}}
        record(INSTALLATION, "person_changed", by=by, about=about_person(person), facts=facts)


def add_membership(person: Person, office: Office, *, by: Person) -> Membership:
    with one_transaction():
        if not rules.may_administer_person(by, person):
            raise Refusal(
                "forbidden",
                _("The person holds no office in your units. An administrator of both units can add the new one."),
            )
        return enter_office(person, office, by=by)


def enter_office(person: Person, office: Office, *, by: Person) -> Membership:
    organisation = office.organisation
    refuse_unless_administrator(by, organisation)
    refuse_ending_before_beginning(office.valid_from, office.valid_until)
    if organisation.closed_on is not None and (
        office.valid_until is None or office.valid_until >= organisation.closed_on
    ):
        words = {"unit": organisation.name, "day": date_format(organisation.closed_on)}
        raise Refusal("is_closed", _("%(unit)s is closed from %(day)s on; the office must end before.") % words)
    same = person.memberships.filter(organisation=organisation, position=office.position)
    overlapping = rules.not_ended(same, office.valid_from)
    if office.valid_until is not None:
        overlapping = overlapping.filter(valid_from__lte=office.valid_until)
    if overlapping.exists():
        words = {"person": person.full_name, "position": office.position.name, "unit": organisation.name}
        raise Refusal("held_already", _("%(person)s is %(position)s of %(unit)s in that time already.") % words)
    membership = Membership.objects.create(
        person=person,
        organisation=organisation,
        position=office.position,
        valid_from=office.valid_from,
        valid_until=office.valid_until,
    )
    note_office(membership, "membership_added", by=by)
    look_at_rights_again({person.pk})
    return membership


def end_membership(membership: Membership, *, by: Person, on: date) -> None:
    """Write the last day of an office; also corrects a last day written before."""
    with one_transaction():
        membership = locked_office(membership)
        refuse_unless_administrator(by, membership.organisation)
        refuse_ending_before_beginning(membership.valid_from, on)
        membership.valid_until = on
        membership.save(update_fields=["valid_until"])
        note_office(membership, "membership_ended", by=by)
        look_at_rights_again({membership.person_id})


def withdraw_membership(membership: Membership, *, by: Person) -> None:
    """Take back an office that has not begun. One that was held ends, and stays in the history."""
    with one_transaction():
        membership = locked_office(membership)
        refuse_unless_administrator(by, membership.organisation)
        if membership.valid_from <= timezone.localdate():
            raise Refusal("has_begun", _("This office has begun: say on which day it ends."))
        note_office(membership, "membership_withdrawn", by=by)
        person_id = membership.person_id
        membership.delete()
        look_at_rights_again({person_id})


# -- Accounts ----------------------------------------------------------------------------------------------------------


def set_password(person: Person, *, by: Person) -> str:
    """Give the account a new password and return it, to be shown once; whoever is logged in with the old one is out."""
    password = new_password()
    hashed = make_password(password)  # before the transaction: a good hash takes its time
    with one_transaction():
        person = Person.objects.select_for_update().get(pk=person.pk)
        refuse_unless_keeper(by, person)
        if by.pk == person.pk:
            raise Refusal("oneself", _("You change your own password in the menu under your name."))
        if not person.username:
            raise Refusal("no_account", _("The person has no log-in name yet. Enter one first."))
        act = "password_reset" if person.has_usable_password() else "password_set"
        person.password, person.must_choose_password = hashed, True
        person.save(update_fields=["password", "must_choose_password"])
        record(INSTALLATION, act, by=by, about=about_person(person), facts={"person": person.full_name})
        log_out_everywhere(person)
    return password


def choose_password(person: Person, password: str) -> Person:
    """Put an own password in the place of the one that somebody gave out. Other sessions of the person end."""
    hashed = make_password(password)  # before the transaction: a good hash takes its time
    with one_transaction():
        person = Person.objects.select_for_update().get(pk=person.pk)
        person.password, person.must_choose_password = hashed, False
        person.save(update_fields=["password", "must_choose_password"])
        record(INSTALLATION, "password_changed", by=person, about=f"account:{person.username or ''}")
        log_out_everywhere(person)
    return person


def close_account(person: Person, *, by: Person) -> None:
    """From now on nobody logs in with this account, and whoever is logged in is out."""
    with one_transaction():
        lock_system_admins()
        person = Person.objects.select_for_update().get(pk=person.pk)
        refuse_unless_keeper(by, person)
        if by.pk == person.pk:
            raise Refusal("oneself", _("You cannot close your own account; another administrator can."))
        refuse_without_system_admin(rules.system_admins().exclude(pk=person.pk).exists(), person)
        person.is_active = False
        person.save(update_fields=["is_active"])
        record(INSTALLATION, "account_closed", by=by, about=about_person(person), facts={"person": person.full_name})
        log_out_everywhere(person)


def reopen_account(person: Person, *, by: Person) -> None:
    with one_transaction():
        person = Person.objects.select_for_update().get(pk=person.pk)
        refuse_unless_keeper(by, person)
        person.is_active = True
        person.save(update_fields=["is_active"])
        record(INSTALLATION, "account_opened", by=by, about=about_person(person), facts={"person": person.full_name})
        look_at_rights_again({person.pk})


def log_out_everywhere(person: Person) -> None:
    """Sessions end by themselves when the password or `is_active` changes; sockets must be told."""
    look_at_rights_again({person.pk})
    logged_out(person.principal_key)


# -- Roles -------------------------------------------------------------------------------------------------------------


def grant_role(person: Person, organisation: Organisation, role: str, *, by: Person) -> OrganisationRole:
    with one_transaction():
        refuse_unless_administrator(by, organisation)
        refuse_unless_grantable(by, role)
        refuse_closed(organisation)
        if not rules.may_administer_person(by, person):
            raise Refusal("forbidden", _("Roles are given to people who hold office in your units."))
        if person.roles.filter(organisation=organisation, role=role).exists():
            raise Refusal("has_role", _("The person has this role in this unit already."))
        granted = OrganisationRole.objects.create(person=person, organisation=organisation, role=role)
        note(organisation, "role_granted", by=by, facts={"person": person.full_name, "role": role})
        look_at_rights_again({person.pk})
    return granted


def revoke_role(held: OrganisationRole, *, by: Person) -> None:
    with one_transaction():
        lock_system_admins()
        held = (
            OrganisationRole.objects.select_for_update(of=("self",))
            .select_related("person", "organisation")
            .get(pk=held.pk)
        )
        refuse_unless_administrator(by, held.organisation)
        refuse_unless_grantable(by, held.role)
        if held.person_id == by.pk and held.role in rules.ADMINISTRATING_ROLES:
            raise Refusal(
                "oneself",
                _("You cannot take from yourself the role by which you administer; another administrator can."),
            )
        person, organisation, role = held.person, held.organisation, held.role
        held.delete()
        refuse_without_system_admin(rules.system_admins().exists(), person)
        note(organisation, "role_revoked", by=by, facts={"person": person.full_name, "role": role})
        look_at_rights_again({person.pk})


# -- Positions ---------------------------------------------------------------------------------------------------------


def create_position(*, by: Person, name: str, rank: int) -> Position:
    with one_transaction():
        refuse_unless_system_admin(by)
        position = Position.objects.create(name=name, rank=rank)
        facts = {"position": name, "rank": rank}
        record(INSTALLATION, "position_created", by=by, about=f"position:{position.pk}", facts=facts)
    return position


def change_position(position: Position, *, by: Person, name: str, rank: int) -> None:
    with one_transaction():
        refuse_unless_system_admin(by)
        position = Position.objects.select_for_update().get(pk=position.pk)
        facts = {"position": name, "rank": rank, "from": {"name": position.name, "rank": position.rank}}
        position.name, position.rank = name, rank
        position.save()
        record(INSTALLATION, "position_changed", by=by, about=f"position:{position.pk}", facts=facts)


# -- Levels ------------------------------------------------------------------------------------------------------------


def create_level(*, by: Person, name: str, rank: int) -> OrganisationLevel:
    with one_transaction():
        refuse_unless_system_admin(by)
        level = OrganisationLevel.objects.create(code=free_code(name), name=name, rank=rank)
        facts = {"level": name, "rank": rank}
        record(INSTALLATION, "level_created", by=by, about=f"level:{level.pk}", facts=facts)
    return level


def change_level(level: OrganisationLevel, *, by: Person, name: str, rank: int) -> None:
    """Give the level another name or place; units keep it, and its code stays what it was."""
    with one_transaction():
        refuse_unless_system_admin(by)
        level = OrganisationLevel.objects.select_for_update().get(pk=level.pk)
        facts = {"level": name, "rank": rank, "from": {"name": level.name, "rank": level.rank}}
        level.name, level.rank = name, rank
        level.save(update_fields=["name", "rank"])
        record(INSTALLATION, "level_changed", by=by, about=f"level:{level.pk}", facts=facts)


def free_code(name: str) -> str:
    """Return a code for a level, made of its name."""
    begin = slugify(fold(name))[:40] or "level"
    codes = set(OrganisationLevel.objects.filter(code__startswith=begin).values_list("code", flat=True))
    others = (f"{begin}-{number}" for number in count(2))
    return next(code for code in chain([begin], others) if code not in codes)


# -- What must hold ----------------------------------------------------------------------------------------------------


def refuse_unless_administrator(by: Person, organisation: Organisation) -> None:
    if not rules.may_administer(by, organisation):
        raise Refusal("forbidden", _("You do not administer %(unit)s.") % {"unit": organisation.name})


def refuse_unless_may_place(by: Person, organisation: Organisation) -> None:
    if not rules.may_place(by, organisation):
        words = {"unit": organisation.name}
        raise Refusal(
            "forbidden",
            _("%(unit)s is the top of what you administer; it is closed, merged or moved by those above it.") % words,
        )


def refuse_unless_may_place_below(by: Person, parent: Organisation | None) -> None:
    if not rules.may_place_below(by, parent):
        raise Refusal("forbidden", _("You may place units only below those that you administer."))


def refuse_unless_can_be_closed(by: Person, organisation: Organisation, on: date) -> None:
    refuse_unless_may_place(by, organisation)
    if organisation.closed_on is not None:
        raise Refusal("is_closed", _("The unit is closed already."))
    if organisation.opened_on is not None and on <= organisation.opened_on:
        words = {"day": date_format(organisation.opened_on)}
        raise Refusal("before_opening", _("The unit was opened on %(day)s; it is closed after that day.") % words)


def refuse_closed(organisation: Organisation | None) -> None:
    if organisation is not None and organisation.closed_on is not None:
        words = {"unit": organisation.name}
        raise Refusal("is_closed", _("%(unit)s is closed or has a day of closing. Choose another unit.") % words)


def refuse_ending_before_beginning(first: date, last: date | None) -> None:
    if last is not None and last < first:
        words = {"day": date_format(first)}
        raise Refusal("ends_too_early", _("The office begins on %(day)s; its last day cannot be before that.") % words)


def refuse_unless_keeper(by: Person, person: Person) -> None:
    if not rules.may_keep_account(by, person):
        words = {"person": person.full_name}
        raise Refusal(
            "forbidden",
            _("%(person)s also has offices or rights outside your units; administrators above keep the account.")
            % words,
        )


def refuse_unless_system_admin(by: Person) -> None:
    if not rules.is_system_admin(by):
        raise Refusal("forbidden", _("This is for system administrators."))


def refuse_unless_grantable(by: Person, role: str) -> None:
    if role not in rules.roles_granted_by(by):
        raise Refusal("forbidden", _("This role is given and taken by system administrators only."))


def refuse_without_system_admin(one_is_left: bool, person: Person) -> None:
    if not one_is_left:
        words = {"person": person.full_name}
        raise Refusal(
            "last_one", _("%(person)s is the last system administrator. Give the role to somebody else first.") % words
        )


# -- Steps -------------------------------------------------------------------------------------------------------------


def locked(organisation: Organisation) -> Organisation:
    rows = Organisation.objects.select_for_update(of=("self",)).select_related("parent", "level")
    return rows.get(pk=organisation.pk)


def both_locked(one: Organisation, other: Organisation) -> tuple[Organisation, Organisation]:
    """Lock two units in the order of their keys: two mergers the other way round would wait for each other."""
    rows = {unit.pk: locked(unit) for unit in sorted((one, other), key=lambda unit: unit.pk)}
    return rows[one.pk], rows[other.pk]


def locked_office(membership: Membership) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "person", "position").get(pk=membership.pk)


def lock_system_admins() -> None:
    """Two who take the role from one another at the same moment would leave nobody."""
    list(OrganisationRole.objects.filter(role=Role.SYSTEM_ADMIN).order_by("pk").select_for_update())


def note(organisation: Organisation, act: str, *, by: Person, facts: dict[str, Any]) -> None:
    facts = {name: told(value) for name, value in facts.items()}
    record(f"organisation:{organisation.pk}", act, by=by, about=f"organisation:{organisation.pk}", facts=facts)


def note_office(membership: Membership, act: str, *, by: Person) -> None:
    facts = {
        "person": membership.person.full_name,
        "position": membership.position.name,
        "from": membership.valid_from,
        "until": membership.valid_until or "",
    }
    facts = {name: told(value) for name, value in facts.items()}
    chain = f"organisation:{membership.organisation_id}"
    record(chain, act, by=by, about=about_person(membership.person), facts=facts)


def about_person(person: Person) -> str:
    return f"person:{person.pk}"


def told(value: Any) -> Any:
    """The value as it stands in the log: JSON, days as 2026-11-23, rows by their names."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | dict | list) else str(value)


def spoken_names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:NAMES_IN_A_SENTENCE])
    return shown if len(names) <= NAMES_IN_A_SENTENCE else f"{shown}…"


def holders_of_roles_above(organisation: Organisation) -> set[int]:
    """Those whose roles reach the unit: what they may do changes with its place in the tree."""
    line = rules.line_above(organisation)
    return set(OrganisationRole.objects.filter(organisation__in=line).values_list("person_id", flat=True))


def look_at_rights_again(person_ids: Iterable[int]) -> None:
    """Have every server ask anew what these people may see."""
    people = sorted(set(person_ids))
    if people:
        Person.objects.filter(pk__in=people).update(permission_version=F("permission_version") + 1)
        rights_changed([f"person:{person_id}" for person_id in people])
