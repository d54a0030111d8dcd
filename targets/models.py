"""Baselines: how long the sessions of a series took before the system was used. Frozen ones never change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from meetings.models import MeetingSeries
from targets.windows import Window

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import Organisation

LEARNING_MONTHS = 2


class BaselineQuerySet(models.QuerySet["Baseline"]):
    def kept_by(self, person: Person) -> BaselineQuerySet:
        from targets.rules import baselines_kept_by

        return baselines_kept_by(self, person)

    def visible_to(self, person: Person) -> BaselineQuerySet:
        from targets.rules import visible_baselines

        return visible_baselines(self, person)

    def frozen(self) -> BaselineQuerySet:
        return self.filter(state=Baseline.State.FROZEN)


class Baseline(models.Model):
    """Every session of one series in the 12 to 24 months before the system was used; frozen before any result."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        FROZEN = "frozen", _("frozen")

    series = models.OneToOneField(
        MeetingSeries, models.PROTECT, related_name="baseline", verbose_name=_("meeting series")
    )
    window_from = models.DateField(_("first day of the window"))
    window_until = models.DateField(_("last day of the window"))
    start_of_use = models.DateField(_("first day of use"))
    learning_months = models.PositiveSmallIntegerField(_("learning months"), default=LEARNING_MONTHS)
    declared_sessions = models.PositiveSmallIntegerField(
        _("number of all sessions in the window"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(default=timezone.now)
    frozen_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("frozen by")
    )
    frozen_at = models.DateTimeField(null=True, blank=True)
    statement = models.TextField(_("signed sentence"), blank=True)
    remark = models.CharField(_("remark"), max_length=400, blank=True)

    objects = BaselineQuerySet.as_manager()

    class Meta:
        ordering = ("series__name", "pk")
        verbose_name = _("baseline")
        constraints = (
            models.CheckConstraint(
                name="the_window_of_a_baseline_ends_after_it_begins",
                condition=Q(window_until__gt=F("window_from")),
            ),
            models.CheckConstraint(
                name="the_window_of_a_baseline_ends_before_use_begins",
                condition=Q(start_of_use__gt=F("window_until")),
            ),
            models.CheckConstraint(
                name="a_frozen_baseline_is_signed",
                condition=Q(state="draft", frozen_by=None, frozen_at=None)
                | Q(state="frozen", frozen_by__isnull=False, frozen_at__isnull=False, declared_sessions__gte=1),
            ),
        )

    def __str__(self) -> str:
        return str(self.series)

    @property
    def is_frozen(self) -> bool:
        return self.state == self.State.FROZEN

    @property
    def organisation(self) -> Organisation:
        return self.series.organisation

    @property
    def window(self) -> Window:
        return Window(self.window_from, self.window_until)

    @property
    def counts_from(self) -> date:
        """The first day after the learning months: sessions from here on are compared."""
        return Window.months_later(self.start_of_use, self.learning_months)

    @property
    def chain(self) -> str:
        """Its chain in the log of acts."""
        return f"baseline:{self.pk}"


class BaselineSession(models.Model):
    """One session held before the system was used, taken from its minutes."""

    baseline = models.ForeignKey(Baseline, models.PROTECT, related_name="sessions")
    held_on = models.DateField(_("day"))
    began_at = models.DateTimeField(_("begin"))
    ended_at = models.DateTimeField(_("end"))
    pause_minutes = models.PositiveSmallIntegerField(_("pauses in minutes"), default=0)
    items_count = models.PositiveSmallIntegerField(_("items"), null=True, blank=True)
    participants_count = models.PositiveSmallIntegerField(_("participants"), null=True, blank=True)
    source = models.CharField(_("number of the minutes"), max_length=120)
    proof = models.FileField(_("scanned minutes"), max_length=255, blank=True)
    proof_name = models.CharField(max_length=255, blank=True)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("began_at", "pk")
        verbose_name = _("session of a baseline")
        constraints = (
            models.UniqueConstraint(fields=("baseline", "began_at"), name="one_baseline_session_per_beginning"),
            models.CheckConstraint(
                name="a_baseline_session_ends_after_it_begins", condition=Q(ended_at__gt=F("began_at"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.baseline}, {self.held_on}"

    @property
    def net_seconds(self) -> int:
        """Net time: end - start - pauses."""
        return round((self.ended_at - self.began_at).total_seconds()) - 60 * self.pause_minutes

    @property
    def net_minutes(self) -> float:
        return self.net_seconds / 60
