"""The first minute of an installation, on the machine itself: the unit at the top, and who administers the system."""

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from accounts import rules
from accounts.actions import log_out_everywhere
from accounts.acts import INSTALLATION, record
from accounts.models import Organisation, OrganisationLevel, OrganisationRole, Person, Position
from accounts.passwords import new_password
from accounts.usernames import cleaned_username
from realtime.refusals import Refusal
from realtime.transactions import one_transaction

# To begin with; administrators change both lists. Names are data, in the language of the offices.
LEVELS = (("tinh", "Tỉnh"), ("huyen", "Huyện"), ("xa", "Xã"))
POSITIONS = (
    "Chủ tịch",
    "Phó Chủ tịch",
    "Ủy viên",
    "Chánh Văn phòng",
    "Phó Chánh Văn phòng",
    "Giám đốc",
    "Phó Giám đốc",
    "Trưởng phòng",
    "Chuyên viên",
)


def found_installation(*, unit: str, short_name: str, full_name: str, username: str) -> tuple[Person, str]:
    """Make the unit at the top and its first system administrator; return the person and the first password.

    Refused when somebody administers the system already, so that it is no way round the administrators. A log-in name
    of other letters than usernames.ALLOWED raises ValidationError.
    """
    username = cleaned_username(username)
    password = new_password()
    hashed = make_password(password)
    with one_transaction():
        refuse_if_founded()
        levels = ship_levels()
        ship_positions()
        if Person.objects.filter(username=username).exists():
            raise Refusal("name_taken", _("This log-in name is taken. Choose another one."))
        top = Organisation.objects.create(
            name=unit, short_name=short_name, kind=Organisation.Kind.PEOPLE_COMMITTEE, level=levels[0]
        )
        person = Person.objects.create(
            full_name=full_name, username=username, password=hashed, must_choose_password=True
        )
        OrganisationRole.objects.create(person=person, organisation=top, role=OrganisationRole.Role.SYSTEM_ADMIN)
        facts = {"unit": unit, "person": full_name, "username": username}
        record(INSTALLATION, "installation_founded", by=None, about=f"person:{person.pk}", facts=facts)
    return person, password


def refuse_if_founded() -> None:
    administrator = rules.system_admins().first()
    if administrator is not None:
        words = {"person": administrator.full_name, "username": administrator.username or ""}
        raise Refusal(
            "founded",
            _("%(person)s administers the system already. Is the password lost? manage.py new_password %(username)s")
            % words,
        )


def ship_levels() -> list[OrganisationLevel]:
    if not OrganisationLevel.objects.exists():
        OrganisationLevel.objects.bulk_create(
            [OrganisationLevel(code=code, name=name, rank=rank) for rank, (code, name) in enumerate(LEVELS)]
        )
    return list(OrganisationLevel.objects.order_by("rank"))


def ship_positions() -> None:
    if not Position.objects.exists():
        Position.objects.bulk_create(
            [Position(name=name, rank=10 * number) for number, name in enumerate(POSITIONS, start=1)]
        )


def give_new_password(username: str) -> tuple[Person, str]:
    """Give an account a new password on the machine itself: the way back in when no administrator can log in.

    A closed account is opened again. Whoever is logged in with the old password is out.
    """
    password = new_password()
    hashed = make_password(password)
    with one_transaction():
        person = Person.objects.select_for_update().filter(username=username.strip().lower() or None).first()
        if person is None:
            raise Refusal("no_account", _("Nobody has the log-in name %(name)s.") % {"name": username})
        person.password, person.is_active, person.must_choose_password = hashed, True, True
        person.save(update_fields=["password", "is_active", "must_choose_password"])
        facts = {"person": person.full_name}
        record(INSTALLATION, "password_given_on_the_machine", by=None, about=f"person:{person.pk}", facts=facts)
        log_out_everywhere(person)
    return person, password
