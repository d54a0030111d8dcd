"""Series, rule sets, meetings, their agenda, who takes part, who was there, and the times that were measured."""

from __future__ import annotations

import uuid
from fractions import Fraction
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Organisation, Person
from accounts.words import fold
from meetings.clocks import Span, net_seconds
from meetings.quorum import Quorum, quorum_of

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any


class RuleSet(models.Model):
    """What the law asks of a body: quorum, who must agree, ties, notice. Dated data; a new version is a new row."""

    code = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("name"), max_length=160)
    body = models.CharField(_("for"), max_length=20, choices=Organisation.Kind, blank=True)
    source = models.CharField(_("legal source"), max_length=240)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, verbose_name=_("checked by"))
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    quorum_numerator = models.PositiveSmallIntegerField(null=True, blank=True)
    quorum_denominator = models.PositiveSmallIntegerField(null=True, blank=True)
    quorum_strictly_more = models.BooleanField(default=False)

    # How a poll is decided (options, steps, tie, latecomers, ...): only voting reads it, see voting/terms.py.
    terms = models.JSONField(_("terms of voting"), default=dict)
    notice_days_regular = models.PositiveSmallIntegerField(_("working days of notice, regular"), default=3)
    notice_days_extraordinary = models.PositiveSmallIntegerField(_("days of notice, extraordinary"), default=1)

    class Meta:
        ordering = ("code", "-version")
        verbose_name = _("rule set")
        constraints = (models.UniqueConstraint(fields=("code", "version"), name="one_row_per_version_of_a_rule_set"),)

    def __str__(self) -> str:
        return self.name

    @property
    def quorum_share(self) -> Fraction | None:
        if not self.quorum_numerator or not self.quorum_denominator:
            return None
        return Fraction(self.quorum_numerator, self.quorum_denominator)

    @property
    def is_checked(self) -> bool:
        return self.checked_by_id is not None


class Kind(models.TextChoices):
    REGULAR = "regular", _("regular")
    THEMATIC = "thematic", _("thematic")
    EXTRAORDINARY = "extraordinary", _("extraordinary")


class MeetingSeries(models.Model):
    """The monthly session of a committee, and what each session of it starts from."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="series", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.REGULAR)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, verbose_name=_("rule set"))
    place = models.CharField(_("room"), max_length=160, blank=True)
    planned_minutes = models.PositiveSmallIntegerField(_("planned length in minutes"), default=180)
    agenda_template = models.JSONField(default=list, blank=True, help_text='[{"title": "…", "planned_minutes": 30}]')
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("meeting series")
        verbose_name_plural = _("meeting series")

    def __str__(self) -> str:
        return self.name


class SeriesMember(models.Model):
    """Who is invited to every meeting of a series, and as what."""

    series = models.ForeignKey(MeetingSeries, models.CASCADE, related_name="default_members")
    person = models.ForeignKey(Person, models.PROTECT)
    role = models.CharField(max_length=20, default="member")
    has_vote = models.BooleanField(default=True)
    is_head = models.BooleanField(default=False)
    title = models.CharField(max_length=160, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("series", "person"), name="one_place_per_person_in_a_series"),)

    def __str__(self) -> str:
        return f"{self.person}, {self.series}"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, person: Person) -> MeetingQuerySet:
        from meetings.rules import visible_meetings

        return visible_meetings(self, person)

    def named(self, words: str) -> MeetingQuerySet:
        found = self
        for word in fold(words).split():
            found = found.filter(folded_title__contains=word)
        return found


class Meeting(models.Model):
    """One session: prepared, published, held, closed."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        IN_SESSION = "in_session", _("in session")
        PAUSED = "paused", _("paused")
        ADJOURNED = "adjourned", _("adjourned")
        CLOSED = "closed", _("closed")
        CANCELLED = "cancelled", _("cancelled")

    class Mode(models.TextChoices):
        ROOM = "room", pgettext_lazy("mode of a meeting", "in the room")
        ONLINE = "online", _("online")
        MIXED = "mixed", _("in the room and online")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(
        MeetingSeries, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name=_("meeting series")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="meetings", verbose_name=_("organisation")
    )
    title = models.CharField(_("title"), max_length=240)
    folded_title = models.CharField(max_length=240, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.REGULAR)
    mode = models.CharField(_("held"), max_length=10, choices=Mode, default=Mode.ROOM)
    place = models.CharField(_("room"), max_length=160, blank=True)
    starts_at = models.DateTimeField(_("starts at"))
    planned_minutes = models.PositiveSmallIntegerField(_("planned length in minutes"))
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, verbose_name=_("rule set"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    current_item = models.ForeignKey("AgendaItem", models.SET_NULL, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(_("reason of cancellation"), max_length=240, blank=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("created by"))
    created_at = models.DateTimeField(default=timezone.now)

    # The closed item for whose admitted people a panel is being rendered; not stored. See room.render_panel.
    shown_item: AgendaItem | None = None

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_at",)
        verbose_name = _("meeting")
        constraints = (
            models.CheckConstraint(
                name="a_meeting_ends_after_it_begins",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
            ),
            models.CheckConstraint(name="a_meeting_has_a_length", condition=Q(planned_minutes__gt=0)),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded_title = fold(self.title)
        super().save(*args, **kwargs)

    @property
    def has_begun(self) -> bool:
        return self.started_at is not None

    @property
    def is_running(self) -> bool:
        return self.state == self.State.IN_SESSION

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.CLOSED, self.State.CANCELLED}

    @property
    def chain(self) -> str:
        """Its chain in the log of acts."""
        return f"meeting:{self.pk}"

    def stamps(self) -> tuple[datetime | None, datetime | None]:
        """Begin and end as they count: the newest correction of each, else what the server measured."""
        corrected = {correction.which: correction.value for correction in self.time_corrections.order_by("pk")}
        return corrected.get("started_at", self.started_at), corrected.get("ended_at", self.ended_at)

    def net_seconds(self, now: datetime | None = None) -> int | None:
        """Net time: end - start - pauses, as corrected; up to now while it lasts; None before it begins."""
        began, ended = self.stamps()
        if began is None:
            return None
        return net_seconds([Span(began, ended)], [pause.span for pause in self.pauses.all()], now or timezone.now())

    def quorum(self) -> Quorum:
        voters = [participant for participant in self.participants.all() if participant.counts]
        present = set(
            Attendance.objects.filter(participant__in=voters, left_at=None).values_list("participant_id", flat=True)
        )
        return quorum_of(
            present=len(present),
            total=len(voters),
            share=self.rule_set.quorum_share,
            strictly_more=self.rule_set.quorum_strictly_more,
        )


class Pause(models.Model):
    """A break, or an adjournment to a later time; neither counts as meeting time."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="pauses")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    is_adjournment = models.BooleanField(default=False)
    resumes_at = models.DateTimeField(_("goes on at"), null=True, blank=True)

    class Meta:
        ordering = ("began_at",)
        constraints = (
            models.UniqueConstraint(fields=("meeting",), condition=Q(ended_at=None), name="one_open_pause_per_meeting"),
        )

    def __str__(self) -> str:
        return f"{self.began_at}"

    @property
    def span(self) -> Span:
        return Span(self.began_at, self.ended_at)


class TimeCorrection(models.Model):
    """A corrected begin or end, kept beside what the server measured, with who and why. The newest counts."""

    class Which(models.TextChoices):
        STARTED_AT = "started_at", _("begin")
        ENDED_AT = "ended_at", _("end")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="time_corrections")
    which = models.CharField(_("which time"), max_length=12, choices=Which)
    original = models.DateTimeField()
    value = models.DateTimeField(_("corrected time"))
    reason = models.CharField(_("reason"), max_length=240)
    by = models.ForeignKey(Person, models.PROTECT)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_which_display()}: {self.value}"


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def visible_to(self, person: Person) -> AgendaItemQuerySet:
        from meetings.rules import visible_items

        return visible_items(self, person)


class AgendaItem(models.Model):
    """One point of the agenda. A closed one exists only for those admitted to it and those who prepare the meeting."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CURRENT = "current", _("current")
        DONE = "done", _("done")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="sub_items")
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=300)
    presenter = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="presentations", verbose_name=_("presenter")
    )
    submitting_unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("submitting unit")
    )
    planned_minutes = models.PositiveSmallIntegerField(_("planned length in minutes"), default=15)
    is_closed = models.BooleanField(_("closed item, for named people only"), default=False)
    admitted = models.ManyToManyField(
        Person, blank=True, related_name="admitted_to", verbose_name=_("admitted to the closed item")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ("meeting", "position")
        verbose_name = _("agenda item")
        constraints = (
            # SQLite cannot check this at the end of a transaction: `put_in_order` moves items through free numbers.
            models.UniqueConstraint(fields=("meeting", "position"), name="one_item_per_position"),
            models.UniqueConstraint(
                fields=("meeting",), condition=Q(state="current"), name="one_current_item_per_meeting"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def spent_seconds(self, now: datetime | None = None) -> int:
        """Seconds this item was on, without the pauses."""
        pauses = [pause.span for pause in self.meeting.pauses.all()]
        return net_seconds([turn.span for turn in self.turns.all()], pauses, now or timezone.now())


class ItemTurn(models.Model):
    """From taking an item up to leaving it. An item may be taken up several times."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="turns")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("began_at",)
        constraints = (
            models.UniqueConstraint(fields=("item",), condition=Q(ended_at=None), name="one_open_turn_per_item"),
        )

    def __str__(self) -> str:
        return f"{self.began_at}"

    @property
    def span(self) -> Span:
        return Span(self.began_at, self.ended_at)


class Participant(models.Model):
    """A person in a meeting, in one role, with the title and unit held on that day."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("chair")
        SECRETARY = "secretary", _("secretary")
        MEMBER = "member", _("member")
        STAND_IN = "stand_in", _("stand-in")
        INVITEE = "invitee", _("invitee")
        OBSERVER = "observer", _("observer")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="participants")
    person = models.ForeignKey(Person, models.PROTECT, related_name="participations", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MEMBER)
    has_vote = models.BooleanField(_("member of the body, with a vote"), default=False)
    is_head = models.BooleanField(_("head of the body"), default=False)
    stands_for = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="stand_ins")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, verbose_name=_("unit"))
    title = models.CharField(_("position"), max_length=160, blank=True)
    absence_reason = models.CharField(_("reason of absence"), max_length=240, blank=True)

    class Meta:
        ordering = ("meeting", "pk")
        verbose_name = _("participant")
        constraints = (
            models.UniqueConstraint(fields=("meeting", "person"), name="one_role_per_person_in_a_meeting"),
            models.UniqueConstraint(fields=("meeting",), condition=Q(role="chair"), name="one_chair_per_meeting"),
            models.CheckConstraint(
                name="guests_have_no_vote",
                condition=Q(has_vote=False) | ~Q(role__in=("invitee", "observer")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"

    @property
    def counts(self) -> bool:
        """Is this one of "all members" for the quorum and on the roll? A stand-in is not, whatever the vote."""
        return self.has_vote and self.role != self.Role.STAND_IN


class Attendance(models.Model):
    """From checking in to leaving; somebody who returns has a second row."""

    class How(models.TextChoices):
        TAP = "tap", _("on the own tablet")
        QR = "qr", _("by QR code")
        SECRETARY = "secretary", _("by the secretary")

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="attendances")
    arrived_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=10, choices=How)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("arrived_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("participant",), condition=Q(left_at=None), name="one_open_attendance_per_participant"
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant} {self.arrived_at}"


class Speech(models.Model):
    """Somebody has the floor, from being called until the end; the one who speaks now has no end yet.

    It lies inside one turn of its item and outside of every pause: leaving the item or breaking off ends it.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="speeches")
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="speeches")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="speeches")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    allotted_seconds = models.PositiveIntegerField(null=True, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("began_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting",), condition=Q(ended_at=None), name="one_open_speech_per_meeting"
            ),
            models.CheckConstraint(
                name="a_speech_ends_after_it_begins", condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant} {self.began_at}"

    def seconds(self, now: datetime | None = None) -> int:
        return net_seconds([Span(self.began_at, self.ended_at)], [], now or timezone.now())


LONGEST_CONCLUSION = 4000  # characters: a page and a half of print


class Conclusion(models.Model):
    """What was concluded on one item, as the desk writes it down. Each writing raises the revision by one."""

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="conclusion")
    text = models.TextField(_("conclusion"), max_length=LONGEST_CONCLUSION, blank=True)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("item",)
        verbose_name = _("conclusion")

    def __str__(self) -> str:
        return f"{self.item_id}, {self.revision}"


class Notice(models.Model):
    """A line for one person: published, changed, cancelled."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    meeting = models.ForeignKey(Meeting, models.CASCADE, null=True, blank=True, related_name="notices")
    text = models.CharField(max_length=400)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("person", "read_at"), name="unread_notices_of_a_person"),)

    def __str__(self) -> str:
        return self.text


class CalendarLink(models.Model):
    """The secret address under which a person's telephone fetches the calendar. Only the token's hash is kept."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="calendar_link")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("person",)

    def __str__(self) -> str:
        return str(self.person)
