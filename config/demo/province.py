"""Puts the province of Lam Giang into the database: levels, units, people, dated offices, roles, the series."""

from collections.abc import Iterator
from datetime import date

from django.contrib.auth.hashers import make_password

from accounts.acts import INSTALLATION, record
from accounts.models import Act, Membership, Organisation, OrganisationLevel, OrganisationRole, Person, Position
from accounts.words import fold
from config.demo import people
from config.demo.months import first_of_month, last_day_before
from config.demo.series import PLANS, STANDING_COUNCIL, THEMATIC, Place, SeriesPlan
from meetings.models import MeetingSeries, RuleSet, SeriesMember
from realtime.transactions import one_transaction

UNUSABLE = "!"  # no password hashes to this
DEMO_MADE = "demo_made"
LEVELS = [("province", "Tỉnh", 0), ("district", "Huyện, thị xã, thành phố", 1), ("commune", "Xã, phường", 2)]
TERM_BEGAN_MONTHS_AGO = 64
POSITIONS_BY_RANK = [
    *("Chủ tịch", "Phó Chủ tịch Thường trực", "Phó Chủ tịch", "Ủy viên", "Giám đốc", "Chánh Thanh tra", "Trưởng ban"),
    *("Chánh Văn phòng", "Phó Giám đốc", "Phó Chánh Văn phòng", "Trưởng phòng"),
]
Role = OrganisationRole.Role
ROLES = [
    ("thu-ky", "ubnd", Role.SECRETARY),
    ("thu-ky-2", "ubnd", Role.SECRETARY),
    ("quan-tri", "ubnd", Role.SYSTEM_ADMIN),
    ("chu-toa", "ubnd", Role.LEADERSHIP),
    ("lanh-dao", "ubnd", Role.LEADERSHIP),
    # She leads the steering committee for digital work of the whole province, the council's included.
    ("lanh-dao", "hdnd", Role.LEADERSHIP),
    ("to-hoai-nam", "hdnd", Role.SECRETARY),
    ("lo-van-thuong", "hdnd", Role.LEADERSHIP),
    ("ta-thu-hien", "tra-khe", Role.SECRETARY),
    ("khach-moi", "tra-khe", Role.LEADERSHIP),
    ("khong-thi-thanh-tam", "ben-lam", Role.SECRETARY),
]


def is_made() -> bool:
    """Was this database made by the demo? The log of acts remembers, and cannot forget."""
    return Act.objects.filter(chain=INSTALLATION, act=DEMO_MADE).exists()


def make_province(*, day: date) -> None:
    """Make units, people and series as they are on that day and came to be in the months before."""
    with one_transaction():
        units = make_units(day)
        make_people(units, day)
        make_series(units)
        record(INSTALLATION, DEMO_MADE, by=None, about="installation", facts={"province": people.PROVINCE})


def make_units(day: date) -> dict[str, Organisation]:
    levels = {code: OrganisationLevel.objects.create(code=code, name=name, rank=rank) for code, name, rank in LEVELS}
    units: dict[str, Organisation] = {}
    for unit in people.UNITS:
        units[unit.key] = Organisation.objects.create(
            name=unit.name,
            short_name=unit.short_name,
            kind=unit.kind,
            level=levels[unit.level],
            parent=units.get(unit.parent),
        )
    name, short_name, successor = people.MERGED_UNIT
    Organisation.objects.create(
        name=name,
        short_name=short_name,
        kind=Organisation.Kind.PEOPLE_COMMITTEE,
        level=levels["commune"],
        parent=units[people.unit_of(successor).parent],
        closed_on=first_of_month(day, months_ago=people.MERGED_MONTHS_AGO),
        merged_into=units[successor],
    )
    return units


# -- People ------------------------------------------------------------------------------------------------------------


def make_people(units: dict[str, Organisation], day: date) -> None:
    password = make_password(people.PASSWORD)  # once: a good hash takes its time
    positions = make_positions()
    persons = {
        somebody.key: new_person(somebody.full_name, key=somebody.key, password=password) for somebody in people.PEOPLE
    }
    before = {change.key: new_person(change.predecessor) for change in people.CHANGES}
    Person.objects.bulk_create([*persons.values(), *before.values()])
    changed = {change.key: first_of_month(day, months_ago=change.months_ago) for change in people.CHANGES} | {
        people.EARLIER_OFFICE: first_of_month(day, months_ago=people.MOVED_MONTHS_AGO)
    }
    began = first_of_month(day, months_ago=TERM_BEGAN_MONTHS_AGO)

    def office(person: Person, unit: str, position: str, start: date, end: date | None = None) -> Membership:
        return Membership(
            person=person,
            organisation=units[unit],
            position=positions[position],
            valid_from=start,
            valid_until=last_day_before(end) if end else None,
        )

    offices = []
    for somebody in people.PEOPLE:
        since = changed.get(somebody.key)
        for unit, position in offices_of(somebody):
            offices.append(office(persons[somebody.key], unit, position, since or began))
            if somebody.key in before:
                offices.append(office(before[somebody.key], unit, position, began, since))
    offices.append(
        office(
            persons[people.EARLIER_OFFICE],
            people.EARLIER_UNIT,
            people.EARLIER_POSITION,
            began,
            changed[people.EARLIER_OFFICE],
        )
    )
    Membership.objects.bulk_create(offices)
    OrganisationRole.objects.bulk_create(
        [OrganisationRole(person=persons[key], organisation=units[unit], role=role) for key, unit, role in ROLES]
    )


def new_person(full_name: str, *, key: str = "", password: str = UNUSABLE) -> Person:
    """A person to be written with many others; without a key there is no login."""
    return Person(
        username=key or None,
        full_name=full_name,
        folded_name=fold(full_name),
        email=f"{key}@lam-giang.example" if key else "",
        password=password,
    )


def offices_of(somebody: people.Somebody) -> Iterator[tuple[str, str]]:
    """Yield (unit, position): the own office, and the seat in the committee of the province that comes with it."""
    yield somebody.unit, somebody.position
    if somebody in people.COMMITTEE and somebody.unit != "ubnd":
        yield "ubnd", "Ủy viên"


def make_positions() -> dict[str, Position]:
    names = dict.fromkeys([*POSITIONS_BY_RANK, *(somebody.position for somebody in people.PEOPLE)])
    return {name: Position.objects.create(name=name, rank=10 * (number + 1)) for number, name in enumerate(names)}


# -- Series ------------------------------------------------------------------------------------------------------------


def make_series(units: dict[str, Organisation]) -> None:
    RuleSet.objects.create(**STANDING_COUNCIL, terms=rules_for("people-council-resolution").terms)
    persons = Person.objects.in_bulk([somebody.key for somebody in people.PEOPLE], field_name="username")
    for plan in (*PLANS, THEMATIC):
        series = MeetingSeries.objects.create(
            organisation=units[plan.unit],
            name=plan.name,
            kind=plan.kind,
            rule_set=rules_for(plan.rules),
            place=plan.place,
            planned_minutes=plan.planned_minutes,
            agenda_template=[{"title": topic, "planned_minutes": minutes} for topic, minutes in plan.standing_items],
        )
        SeriesMember.objects.bulk_create(
            [member_of(series, plan, place, persons[place.key], units) for place in plan.roster]
        )


def rules_for(code: str) -> RuleSet:
    return RuleSet.objects.filter(code=code).latest("version")


def member_of(
    series: MeetingSeries, plan: SeriesPlan, place: Place, person: Person, units: dict[str, Organisation]
) -> SeriesMember:
    somebody = people.somebody_of(place.key)
    return SeriesMember(
        series=series,
        person=person,
        role=place.role,
        has_vote=place.has_vote,
        is_head=place.role == "chair",
        title=somebody.title,
        organisation=units[somebody.unit],
    )
