"""The cast that all tests know: a province's committee, its meeting of today, and who stands outside."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Organisation, OrganisationLevel, OrganisationRole, Person, Position
from meetings import actions
from meetings.models import AgendaItem, Meeting, MeetingSeries, Participant, RuleSet, SeriesMember

PASSWORD = "mat-khau-thu"
HASHED = make_password(PASSWORD, hasher="argon2")


@dataclass
class Council:
    province: Organisation
    other_unit: Organisation
    rule_set: RuleSet
    series: MeetingSeries
    chair: Person
    secretary: Person
    member: Person
    second_member: Person
    third_member: Person
    stand_in: Person
    invitee: Person
    observer: Person
    other_unit_member: Person
    outsider: Person
    unit_admin: Person
    other_unit_admin: Person
    system_admin: Person
    meeting: Meeting = field(init=False)
    item: AgendaItem = field(init=False)
    second_item: AgendaItem = field(init=False)

    @property
    def organisation(self) -> Organisation:
        return self.province

    @property
    def voters(self) -> list[Person]:
        return [self.chair, self.member, self.second_member, self.third_member]

    @property
    def cast(self) -> dict[str, Person]:
        """Everybody by name, for tests that walk through all of them."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Person)}

    def participant(self, person: Person) -> Participant:
        return self.meeting.participants.get(person=person)

    def start(self, *, with_members: int = 4) -> Meeting:
        """Check that many voters in and begin."""
        for person in self.voters[:with_members]:
            actions.check_in(self.participant(person), by=person)
        actions.start(self.meeting, by=self.chair)
        self.meeting.refresh_from_db()
        return self.meeting

    def take_up(self, item: AgendaItem | None = None) -> AgendaItem:
        item = item or self.item
        actions.take_up_item(item, by=self.chair)
        item.refresh_from_db()
        self.meeting.refresh_from_db()
        return item


def in_an_hour_today() -> datetime:
    """In an hour; in the last hour of the day at its end, for a session of tomorrow is not on today's pages."""
    now = timezone.localtime()
    return min(now + timedelta(hours=1), now.replace(hour=23, minute=59, second=59))


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def make_person(username: str, full_name: str) -> Person:
    return Person.objects.create(username=username, full_name=full_name, password=HASHED)


def make_council() -> Council:
    """A committee of four members: a quorum needs three, a decision three."""
    level, _made = OrganisationLevel.objects.get_or_create(code="tinh", defaults={"name": "Tỉnh", "rank": 0})
    province = Organisation.objects.create(
        name="Ủy ban nhân dân tỉnh", short_name="UBND tỉnh", kind=Organisation.Kind.PEOPLE_COMMITTEE, level=level
    )
    other = Organisation.objects.create(
        name="Ủy ban nhân dân huyện", short_name="UBND huyện", kind=Organisation.Kind.PEOPLE_COMMITTEE
    )
    rules = RuleSet.objects.get(code="people-committee", version=1)
    council = Council(
        province=province,
        other_unit=other,
        rule_set=rules,
        series=MeetingSeries.objects.create(organisation=province, name="Phiên họp thường kỳ", rule_set=rules),
        chair=make_person("chair", "Nguyễn Văn An"),
        secretary=make_person("secretary", "Trần Thị Bình"),
        member=make_person("member", "Lê Hoàng Cường"),
        second_member=make_person("second", "Phạm Thị Đào"),
        third_member=make_person("third", "Võ Minh Đức"),
        stand_in=make_person("stand-in", "Bùi Thu Hà"),
        invitee=make_person("invitee", "Đặng Quốc Khánh"),
        observer=make_person("observer", "Hồ Thanh Lam"),
        other_unit_member=make_person("other-member", "Ngô Gia Minh"),
        outsider=make_person("outsider", "Đỗ Hải Nam"),
        unit_admin=make_person("unit-admin", "Dương Thị Oanh"),
        other_unit_admin=make_person("other-admin", "Lý Công Phúc"),
        system_admin=make_person("system-admin", "Mai Xuân Quang"),
    )
    position = Position.objects.create(name="Ủy viên", rank=30)
    for person in council.voters:
        Membership.objects.create(person=person, organisation=province, position=position, valid_from=date(2021, 7, 1))
    Membership.objects.create(
        person=council.other_unit_member, organisation=other, position=position, valid_from=date(2021, 7, 1)
    )
    for person, unit, role in (
        (council.secretary, province, OrganisationRole.Role.SECRETARY),
        (council.unit_admin, province, OrganisationRole.Role.UNIT_ADMIN),
        (council.other_unit_admin, other, OrganisationRole.Role.UNIT_ADMIN),
        (council.system_admin, province, OrganisationRole.Role.SYSTEM_ADMIN),
    ):
        OrganisationRole.objects.create(person=person, organisation=unit, role=role)
    add_members_to_series(council)
    add_meeting(council)
    return council


def add_members_to_series(council: Council) -> None:
    roles = Participant.Role
    SeriesMember.objects.create(
        series=council.series, person=council.chair, role=roles.CHAIR, has_vote=True, is_head=True
    )
    SeriesMember.objects.create(series=council.series, person=council.secretary, role=roles.SECRETARY, has_vote=False)
    for person in council.voters[1:]:
        SeriesMember.objects.create(series=council.series, person=person, role=roles.MEMBER, has_vote=True)


def add_meeting(council: Council) -> None:
    secretary = council.secretary
    council.meeting = actions.create_meeting(
        by=secretary,
        organisation=council.province,
        series=council.series,
        title="Phiên họp thường kỳ tháng 11",
        starts_at=in_an_hour_today(),
        planned_minutes=180,
        rule_set=council.rule_set,
        place="Phòng họp số 1",
    )
    council.item = actions.add_item(
        council.meeting, by=secretary, title="Dự toán ngân sách năm 2027", planned_minutes=60, presenter=council.member
    )
    council.second_item = actions.add_item(
        council.meeting, by=secretary, title="Báo cáo kinh tế - xã hội", planned_minutes=30, presenter=council.chair
    )
    for person, role in (
        (council.stand_in, "stand_in"),
        (council.invitee, "invitee"),
        (council.observer, "observer"),
    ):
        actions.add_participant(council.meeting, person, by=secretary, role=role)
    actions.publish(council.meeting, by=secretary)
    council.meeting.refresh_from_db()
