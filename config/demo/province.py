"""Puts the province of Lam Giang into the database: levels, units, people, memberships, roles, the series."""

from datetime import date

from django.contrib.auth.hashers import make_password

from accounts.acts import INSTALLATION, record
from accounts.models import Act, Membership, Organisation, OrganisationLevel, OrganisationRole, Person, Position
from config.demo import people
from meetings.models import MeetingSeries, Participant, RuleSet, SeriesMember
from realtime.transactions import one_transaction

DEMO_MADE = "demo_made"
LEVELS = [("province", "Tỉnh", 0), ("district", "Huyện", 1), ("commune", "Xã, phường", 2)]
TERM_BEGAN, CHAIR_CHANGED, COMMUNES_MERGED = date(2021, 7, 1), date(2026, 4, 1), date(2025, 7, 1)
POSITIONS_BY_RANK = ["Chủ tịch", "Phó Chủ tịch", "Ủy viên", "Giám đốc", "Trưởng ban", "Phó Giám đốc", "Trưởng phòng"]
SERIES = "Phiên họp thường kỳ UBND tỉnh"
HALL = "Phòng họp số 1, trụ sở UBND tỉnh"
Role = OrganisationRole.Role


def is_made() -> bool:
    """Was this database made by the demo? The log of acts remembers, and cannot forget."""
    return Act.objects.filter(chain=INSTALLATION, act=DEMO_MADE).exists()


def make_province() -> None:
    with one_transaction():
        units = make_units()
        make_people(units)
        make_series(units["ubnd"])
        record(INSTALLATION, DEMO_MADE, by=None, about="installation", facts={"province": people.PROVINCE})


def make_units() -> dict[str, Organisation]:
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
        parent=units["tra-khe"],
        closed_on=COMMUNES_MERGED,
        merged_into=units[successor],
    )
    return units


def make_people(units: dict[str, Organisation]) -> None:
    password = make_password(people.PASSWORD)  # once: a good hash takes its time
    positions = make_positions()
    persons = {
        somebody.key: Person.objects.create(
            username=somebody.key,
            full_name=somebody.full_name,
            email=f"{somebody.key}@lam-giang.example",
            password=password,
        )
        for somebody in people.PEOPLE
    }
    for somebody in people.PEOPLE:
        began = CHAIR_CHANGED if somebody.key == "chu-toa" else TERM_BEGAN
        own = units[somebody.unit]
        Membership.objects.create(
            person=persons[somebody.key],
            organisation=own,
            position=positions[somebody.position],
            valid_from=began,
        )
        if somebody in people.COMMITTEE and own != units["ubnd"]:
            Membership.objects.create(
                person=persons[somebody.key],
                organisation=units["ubnd"],
                position=positions["Ủy viên"],
                valid_from=began,
            )
    Membership.objects.create(
        person=Person.objects.create(full_name=people.FORMER.full_name),
        organisation=units["ubnd"],
        position=positions["Chủ tịch"],
        valid_from=TERM_BEGAN,
        valid_until=date(2026, 3, 31),
    )
    for key, role in (
        ("thu-ky", Role.SECRETARY),
        ("thu-ky-2", Role.SECRETARY),
        ("quan-tri", Role.UNIT_ADMIN),
        ("chu-toa", Role.LEADERSHIP),
    ):
        OrganisationRole.objects.create(person=persons[key], organisation=units["ubnd"], role=role)


def make_positions() -> dict[str, Position]:
    names = dict.fromkeys([*POSITIONS_BY_RANK, *(somebody.position for somebody in people.PEOPLE)])
    return {name: Position.objects.create(name=name, rank=10 * (number + 1)) for number, name in enumerate(names)}


def make_series(committee: Organisation) -> MeetingSeries:
    series = MeetingSeries.objects.create(
        organisation=committee,
        name=SERIES,
        rule_set=RuleSet.objects.filter(code="people-committee").latest("version"),
        place=HALL,
        planned_minutes=180,
    )
    persons = Person.objects.in_bulk([somebody.key for somebody in people.PEOPLE], field_name="username")
    units = {unit.name: unit for unit in Organisation.objects.all()}

    def place(somebody: people.Somebody, role: str, **more: bool) -> SeriesMember:
        return SeriesMember(
            series=series,
            person=persons[somebody.key],
            role=role,
            title=somebody.title,
            organisation=units[people.unit_of(somebody.unit).name],
            **more,
        )

    roles = Participant.Role
    chair, *members = people.COMMITTEE
    secretary, *staff = [somebody for somebody in people.STAFF if somebody.key.startswith("thu-ky")]
    SeriesMember.objects.bulk_create(
        [
            place(chair, roles.CHAIR, has_vote=True, is_head=True),
            *(place(member, roles.MEMBER, has_vote=True) for member in members),
            place(secretary, roles.SECRETARY, has_vote=False),
            *(place(somebody, roles.SECRETARY, has_vote=False) for somebody in staff),
            *(place(guest, roles.INVITEE, has_vote=False) for guest in people.GUESTS),
        ]
    )
    return series
