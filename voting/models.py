"""Polls on agenda items, the roll fixed when one opens, and the ballots."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Person
from meetings.models import AgendaItem, Meeting, RuleSet
from voting.ballot_papers import Paper

if TYPE_CHECKING:
    from datetime import datetime


class PollQuerySet(models.QuerySet["Poll"]):
    def visible_to(self, person: Person) -> PollQuerySet:
        from voting.rules import visible_polls

        return visible_polls(self, person)

    def held(self) -> PollQuerySet:
        """Those that were opened once, whatever came of them."""
        return self.exclude(opened_at=None)


class Poll(models.Model):
    """One question put to the vote. What applied, and what came of it, is copied here: laws and people change."""

    class State(models.TextChoices):
        DRAFTED = "drafted", pgettext_lazy("state of a poll", "prepared")
        OPEN = "open", pgettext_lazy("state of a poll", "open")
        CLOSED = "closed", pgettext_lazy("state of a poll", "closed, not announced")
        ANNOUNCED = "announced", pgettext_lazy("state of a poll", "announced")
        CANCELLED = "cancelled", pgettext_lazy("state of a poll", "cancelled")

    class Kind(models.TextChoices):
        QUESTION = "question", pgettext_lazy("kind of vote", "question: one choice")
        ELECTION = "election", pgettext_lazy("kind of vote", "election: choose up to a number of people")
        RATING = "rating", pgettext_lazy("kind of vote", "confidence: a level for each person")

    class Secrecy(models.TextChoices):
        NAMED = "named", _("named")
        SECRET = "secret", _("secret")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="polls", verbose_name=_("meeting"))
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="polls", verbose_name=_("agenda item"))
    question = models.CharField(_("question"), max_length=400)
    kind = models.CharField(_("kind of vote"), max_length=10, choices=Kind, default=Kind.QUESTION)
    position = models.PositiveSmallIntegerField(default=0, help_text="Among the polls of the item.")
    secrecy = models.CharField(_("kind of ballot"), max_length=10, choices=Secrecy, default=Secrecy.NAMED)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name=_("rule set"))
    # Before the opening only choices of one's own; from then on all choices, as they stood on the ballot.
    options = models.JSONField(default=list, blank=True, help_text='[{"key": "for", "label": "", "counts_as": "for"}]')
    subjects = models.JSONField(default=list, blank=True, help_text='Those rated: [{"key": "p-1", "label": "…"}]')
    seats = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How many may be chosen in an election.")
    open_seconds = models.PositiveIntegerField(null=True, blank=True, help_text="Closes by itself after so long.")
    rules = models.JSONField(default=dict, blank=True, help_text="Copied from the rule set at the opening.")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFTED)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    ends_at = models.DateTimeField(null=True, blank=True, help_text="By the clock of the server; no ballot after it.")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    announced_at = models.DateTimeField(null=True, blank=True)
    announced_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(_("reason of cancellation"), max_length=240, blank=True)
    repeats = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repetitions")
    result = models.JSONField(null=True, blank=True, help_text="Fixed at closing; numbers and codes, no words.")
    outcome = models.CharField(max_length=24, blank=True, help_text='"tie" until the side of the head is confirmed.')
    tie_confirmed = models.BooleanField(default=False)

    objects = PollQuerySet.as_manager()

    class Meta:
        ordering = ("item__position", "position", "pk")
        verbose_name = _("poll")
        constraints = (
            models.UniqueConstraint(fields=("meeting",), condition=Q(state="open"), name="one_open_poll_per_meeting"),
            # Until there is an urn outside this database, whose rows betray the order in which they came.
            models.CheckConstraint(name="no_secret_poll_without_an_urn", condition=Q(secrecy="named")),
            models.CheckConstraint(name="an_election_has_seats", condition=~Q(kind="election") | Q(seats__gte=1)),
            models.CheckConstraint(
                name="a_closed_poll_has_a_result",
                condition=~Q(state__in=("closed", "announced")) | Q(result__isnull=False),
            ),
            models.CheckConstraint(
                name="a_poll_closes_after_it_opens", condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at"))
            ),
            models.CheckConstraint(
                name="a_cancelled_poll_has_a_reason", condition=~Q(state="cancelled") | ~Q(cancel_reason="")
            ),
        )

    def __str__(self) -> str:
        return self.question

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def paper(self) -> Paper:
        """What may stand on a ballot of this poll, once it was opened."""
        return Paper(
            kind=self.kind,  # type: ignore[arg-type]
            options=tuple(option["key"] for option in self.options),
            subjects=tuple(subject["key"] for subject in self.subjects),
            seats=self.seats or 1,
        )

    @property
    def about(self) -> str:
        """How the log of acts names it."""
        return f"poll:{self.pk}"


class ElectorQuerySet(models.QuerySet["Elector"]):
    def present(self) -> ElectorQuerySet:
        return self.filter(Q(present_at_opening=True) | Q(admitted_at__isnull=False))


class Elector(models.Model):
    """A line of the roll: a member in office when the poll opened, and whether that member may cast a ballot."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="electors")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    title = models.CharField(max_length=160, blank=True, help_text="The position held when the poll opened.")
    stands_for = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    weight = models.PositiveSmallIntegerField(default=1)
    is_head = models.BooleanField(default=False)
    present_at_opening = models.BooleanField(default=False)
    admitted_at = models.DateTimeField(null=True, blank=True)

    objects = ElectorQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("elector")
        constraints = (
            models.UniqueConstraint(fields=("poll", "person"), name="one_line_per_person_on_a_roll"),
            models.CheckConstraint(name="every_vote_weighs_the_same", condition=Q(weight=1)),
        )

    def __str__(self) -> str:
        return str(self.person)

    @property
    def is_present(self) -> bool:
        return self.present_at_opening or self.admitted_at is not None


class Ballot(models.Model):
    """What one elector chose. The database, not a check, lets in only one per elector."""

    class How(models.TextChoices):
        TABLET = "tablet", _("on the own tablet")
        ALOUD = "aloud", _("given aloud")

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="ballots")
    elector = models.ForeignKey(Elector, models.PROTECT, related_name="ballots")
    choice = models.CharField(max_length=2000, help_text="As voting.ballot_papers writes it down.")
    op = models.UUIDField(null=True, blank=True, help_text="The tablet's operation; none for a vote given aloud.")
    how = models.CharField(max_length=10, choices=How, default=How.TABLET)
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    cast_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)
    salt = models.CharField(max_length=32, help_text="Of the hash that stands for the choice in the log of acts.")

    class Meta:
        ordering = ("pk",)
        verbose_name = _("ballot")
        constraints = (
            models.UniqueConstraint(fields=("poll", "elector"), name="one_ballot_per_elector"),
            models.CheckConstraint(
                name="a_vote_given_aloud_names_its_recorder",
                condition=~Q(how="aloud") | Q(recorded_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.elector_id}"  # never the choice: this may end in a log

    @property
    def received_at(self) -> datetime:
        return self.changed_at or self.cast_at


class Correction(models.Model):
    """What is said later of an announced result, which itself never changes."""

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="corrections")
    words = models.CharField(_("correction"), max_length=1000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        verbose_name = _("correction")

    def __str__(self) -> str:
        return self.words


def state_shared(poll_id: uuid.UUID) -> tuple[str | None, Any]:
    """Return the poll's state and, as the database says it, when it was opened; hold both until the transaction ends.

    Closing waits for us, or we see it closed. FOR SHARE, which Django does not know: ballots do not wait for one
    another, closing (FOR NO KEY UPDATE) and ballots do. An advisory lock in its place accepts ballots after closing
    has committed. On SQLite the transaction is IMMEDIATE and alone anyway. The state is None if there is no such poll.
    """
    share = " FOR SHARE" if connection.vendor == "postgresql" else ""
    table = connection.ops.quote_name(Poll._meta.db_table)
    key: Any = Poll._meta.pk.get_db_prep_value(poll_id, connection)  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT state, opened_at FROM {table} WHERE id = %s{share}", [key])  # noqa: S608 - no word of it comes from outside
        row = cursor.fetchone()
    return row or (None, None)
