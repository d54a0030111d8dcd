"""The guide "five minutes": a few steps for each role, words before pictures."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganisationRole, Person
from meetings.models import Participant


@dataclass(frozen=True)
class Step:
    title: str | Promise
    text: str | Promise
    icon: str  # of lucide


@dataclass(frozen=True)
class Guide:
    key: str
    title: str | Promise
    steps: tuple[Step, ...]


MEMBER = Guide(
    "member",
    _("Member of the session"),
    (
        Step(
            _("Read before the session"),
            _("Home lists the papers you have not read. One tap opens a paper; the tablet keeps the place."),
            "book-open",
        ),
        Step(
            _("Go into the room"),
            _("On the day the session stands large on the first page. Tap “Into the room”, then “I am here”."),
            "log-in",
        ),
        Step(
            _("Write on the paper"),
            _("Choose the pen or the marker and write. What you write is yours alone until you share it."),
            "pencil",
        ),
        Step(
            _("Vote"),
            _(
                "When a vote opens, the choices come up beside the paper. Tap one, then confirm; the "
                "screen says when it was received."
            ),
            "vote",
        ),
        Step(
            _("Follow the presenter"),
            _("The paper turns by itself while you follow. Touch it to read on alone; one tap brings you back."),
            "presentation",
        ),
        Step(
            _("When the network is gone"),
            _("Go on writing and voting. The tablet keeps everything and sends it when the network is back."),
            "wifi-off",
        ),
    ),
)
SECRETARY = Guide(
    "secretary",
    _("Secretary"),
    (
        Step(
            _("Make the session"),
            _("Choose “New meeting” and its series: people, room, length and rules are filled in."),
            "calendar-plus",
        ),
        Step(
            _("Agenda and papers"),
            _("Enter the items, then drop the papers onto them. A paper marked secret is refused."),
            "list-ordered",
        ),
        Step(
            _("See what is missing"),
            _(
                "The list on the page of the session says what is missing, the worst first. Each line is "
                "one tap from mending."
            ),
            "list-checks",
        ),
        Step(
            _("Publish"),
            _("Publish the session: everybody invited is told and finds the papers. Later changes are told as well."),
            "megaphone",
        ),
        Step(
            _("Run the session"),
            _(
                "“Run the session” opens the desk: presence, agenda, speakers, votes. The bar below names "
                "the next sensible act."
            ),
            "gavel",
        ),
        Step(
            _("Afterwards"),
            _(
                "Close the session. Its page then holds times, presence, votes and conclusions; a wrong "
                "time is corrected with a reason."
            ),
            "file-check",
        ),
    ),
)
CHAIR = Guide(
    "chair",
    _("Chair"),
    (
        Step(
            _("Open the desk"),
            _("On the day tap “Run the session” on the first page. You see the agenda, the item and who is present."),
            "log-in",
        ),
        Step(
            _("Begin"),
            _("The desk says whether enough members are present. “Begin the session” starts the clock."),
            "play",
        ),
        Step(
            _("From item to item"),
            _(
                "The large button below leads to the next item. A wrong tap can be taken back while "
                "nothing depends on it."
            ),
            "list-ordered",
        ),
        Step(
            _("Give the floor"),
            _("Choose who speaks and for how long. Everybody sees the clock; the desk ends the speech."),
            "mic",
        ),
        Step(
            _("Put to the vote"),
            _("Open the vote, wait until all have voted, close it and announce the result."),
            "vote",
        ),
    ),
)
ADMINISTRATOR = Guide(
    "administrator",
    _("Administrator"),
    (
        Step(
            _("Units"),
            _("Enter the units as a tree under “Administration”. A unit that is closed or merged keeps its history."),
            "network",
        ),
        Step(
            _("People"),
            _(
                "Enter people one by one or read them in from a table; errors are named row by row, and "
                "all or none is taken."
            ),
            "users-round",
        ),
        Step(
            _("Accounts"),
            _("Give first passwords and print the slips. At the first log-in everybody chooses an own password."),
            "key-round",
        ),
        Step(
            _("Roles"),
            _(
                "On a person’s page give the role of secretary, administrator or leadership in a unit; it "
                "reaches all units below."
            ),
            "badge-check",
        ),
    ),
)
LEADER = Guide(
    "leader",
    _("Leadership"),
    (
        Step(
            _("How much shorter are the sessions"),
            _("“Effect” says it in one sentence: like compared with like, with the range in which the truth lies."),
            "chart-column",
        ),
        Step(
            _("Against the targets"),
            _("The picture shows the result beside the targets of 30 and 50 %. Too little data is said, not guessed."),
            "target",
        ),
        Step(
            _("Look behind a number"), _("Every number and every mark opens the sessions it was made from."), "search"
        ),
    ),
)
WALL = Guide(
    "wall",
    _("Wall of the hall"),
    (
        Step(
            _("Open the page"),
            _("On the computer of the wall open this site with /wall/ behind its address. Nobody logs in there."),
            "monitor",
        ),
        Step(
            _("Type the code"),
            _("The wall shows a code. The secretary types it on the page of the session, under “Wall”."),
            "keyboard",
        ),
        Step(
            _("That is all"),
            _("The wall shows the check-in code, the item, who speaks, and the vote, all by itself."),
            "tv",
        ),
    ),
)
GUIDES = (MEMBER, SECRETARY, CHAIR, ADMINISTRATOR, LEADER, WALL)


def guide_for(person: Person) -> Guide:
    """The guide of what a person mostly is: offices of the system first, then the part taken in sessions."""
    roles = set(person.roles.values_list("role", flat=True))
    if OrganisationRole.Role.SECRETARY in roles:
        return SECRETARY
    if roles & {OrganisationRole.Role.SYSTEM_ADMIN, OrganisationRole.Role.UNIT_ADMIN}:
        return ADMINISTRATOR
    if person.participations.filter(role=Participant.Role.CHAIR).exists():
        return CHAIR
    return LEADER if OrganisationRole.Role.LEADERSHIP in roles else MEMBER
