"""The first page: today's session, what is asked of a person, what comes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.asks import Ask, AskLine
from accounts.models import Person
from meetings import rules
from meetings.models import AgendaItem, Meeting, MeetingQuerySet, Participant
from meetings.months import Month, month_of, span_of
from meetings.readiness import problems_of

State = Meeting.State
ON_THE_WAY = (State.IN_SESSION, State.PAUSED)
PAST_AND_COMING_SHOWN = 6
PROBLEMS_SHOWN, DRAFTS_SHOWN = 3, 3
A_DAY_MIN = 24 * 60


@dataclass(frozen=True)
class Card:
    """A session of today and which of its rooms is the person's own: desk, floor, gallery, or none."""

    meeting: Meeting
    audience: str | None
    countdown: str

    @property
    def words(self) -> dict[str, str]:
        """For the element count-down, which goes on counting."""
        return words_of_countdown()


@dataclass(frozen=True)
class Sessions:
    today: list[Card]
    coming: list[Meeting]
    past: list[Meeting]


def sessions_of(person: Person) -> Sessions:
    """Running sessions and today's that are not over; those after, soonest first; and the last ones, newest first."""
    begin, end = span_of_day(timezone.localdate())
    seen = listed(Meeting.objects.visible_to(person), person)
    is_open = ~Q(state__in=(State.CLOSED, State.CANCELLED))
    of_today = Q(starts_at__gte=begin, starts_at__lt=end) & ~Q(state=State.DRAFT)
    today = list(seen.filter(is_open & (of_today | Q(state__in=ON_THE_WAY))).order_by("starts_at", "pk"))
    shown = [meeting.pk for meeting in today]
    coming = seen.filter(is_open, starts_at__gte=begin).exclude(pk__in=shown).order_by("starts_at", "pk")
    past = seen.filter(state=State.CLOSED).order_by("-starts_at", "pk")
    return Sessions(cards_of(today, person), list(coming[:PAST_AND_COMING_SHOWN]), list(past[:PAST_AND_COMING_SHOWN]))


def cards_of(meetings: list[Meeting], person: Person) -> list[Card]:
    own = Participant.objects.filter(meeting__in=meetings, person=person)
    roles = dict(own.values_list("meeting_id", "role"))
    now = timezone.now()
    return [Card(one, rules.audience_of_role(roles.get(one.pk)), countdown(one, now=now)) for one in meetings]


def countdown(meeting: Meeting, *, now: datetime) -> str:
    """What the card says about time, in the words that the element count-down goes on with; nothing once it began."""
    if meeting.state != State.PUBLISHED:
        return ""
    left_minutes = -int((now - meeting.starts_at).total_seconds() // 60)
    words = words_of_countdown()
    if left_minutes <= 0:
        return words["now"]
    if left_minutes > A_DAY_MIN:
        return _("begins at %(time)s") % {"time": date_format(timezone.localtime(meeting.starts_at), "TIME_FORMAT")}
    if left_minutes < 60:
        return words["minutes"].replace("%m", str(left_minutes))
    hours, minutes = divmod(left_minutes, 60)
    return words["hours"].replace("%h", str(hours)).replace("%m", str(minutes))


def words_of_countdown() -> dict[str, str]:
    return {
        "hours": _("%h hours %m minutes left"),
        "minutes": _("%m minutes left"),
        "now": _("it is time to begin"),
    }


def listed(meetings: MeetingQuerySet, person: Person) -> QuerySet[Meeting]:
    """With the number of items that this person sees: a closed one counts for those who may know of it."""
    seen = AgendaItem.objects.visible_to(person).values("pk")
    top_items = Count("items", filter=Q(items__parent=None, items__in=seen))
    return meetings.select_related("organisation", "current_item").annotate(item_count=top_items)


def sheet_of(person: Person, first: date) -> Month[Meeting]:
    """The month that begins with this day, with the sessions the person may see."""
    begin, end = (span_of_day(day)[0] for day in span_of(first))
    seen = Meeting.objects.visible_to(person).filter(starts_at__gte=begin, starts_at__lt=end)
    rows = seen.select_related("organisation").order_by("starts_at", "pk")
    entries = ((timezone.localtime(one.starts_at).date(), one) for one in rows)
    return month_of(first, entries, today=timezone.localdate())


def span_of_day(day: date) -> tuple[datetime, datetime]:
    begin = timezone.make_aware(datetime.combine(day, time.min))
    return begin, begin + timedelta(days=1)


# -- What is asked of those who prepare --------------------------------------------------------------------------------


def preparations_of(person: Person) -> Ask | None:
    """Drafts, the nearest with what is missing: the others are one line each, so that three cost as much as one."""
    prepared = rules.preparable_meetings(Meeting.objects.all(), person) if person.is_active else Meeting.objects.none()
    drafts = prepared.filter(state=State.DRAFT).select_related("organisation", "rule_set").order_by("starts_at", "pk")
    prepared_now = list(drafts)
    if not prepared_now:
        return None
    nearest, *others = prepared_now[:DRAFTS_SHOWN]
    lines = (line_of(nearest, missing_in(nearest)), *(line_of(meeting, "") for meeting in others))
    more = f"{reverse('meetings:meetings')}?state={State.DRAFT}"
    return Ask(_("Sessions being prepared"), "list-checks", lines, len(prepared_now), more)


def line_of(meeting: Meeting, missing: str) -> AskLine:
    when = date_format(timezone.localtime(meeting.starts_at), "DATETIME_FORMAT")
    about = f"{when} · {missing}" if missing else when
    return AskLine(meeting.title, reverse("meetings:meeting", args=[meeting.pk]), about)


def missing_in(meeting: Meeting) -> str:
    problems = problems_of(meeting)
    if not problems:
        return _("nothing is missing: it can be published")
    named = " ".join(in_order_once(problem.sentence for problem in problems[:PROBLEMS_SHOWN]))
    rest = len(problems) - PROBLEMS_SHOWN
    if rest <= 0:
        return named
    return f"{named} " + ngettext("And %(count)d more.", "And %(count)d more.", rest) % {"count": rest}


def in_order_once(sentences: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(sentences))
