"""Organisations, people, who held which position when, and the log of acts."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from accounts.reach import remembered_reach
from accounts.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterable


class OrganisationLevel(models.Model):  # type: ignore[django-manager-missing]  # tree_queries has no types
    """Province, district, commune: data, because the law changes them."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    rank = models.PositiveSmallIntegerField(_("rank"), help_text=_("0 is the highest."))

    class Meta:
        ordering = ("rank",)
        verbose_name = _("level")

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(TreeQuerySet):
    def open_on(self, day: datetime.date) -> OrganisationQuerySet:
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))

    def in_reach_of(self, person: Person, *roles: str) -> OrganisationQuerySet:
        """The organisations in which the person holds one of the roles, and all below them."""
        held = OrganisationRole.objects.filter(person=person, role__in=roles).values_list("organisation_id", flat=True)
        reach = remembered_reach((person.pk, tuple(sorted(roles))), lambda: self.and_below(held))
        return self.filter(pk__in=reach)

    def within(self, tops: Iterable[int]) -> OrganisationQuerySet:
        """The named organisations and all below them, to any depth."""
        return self.filter(pk__in=self.and_below(tops))

    def and_below(self, tops: Iterable[int]) -> frozenset[int]:
        found = layer = frozenset(tops)
        while layer:
            layer = frozenset(self.model.objects.filter(parent__in=layer).values_list("pk", flat=True)) - found
            found |= layer
        return found


class Organisation(TreeNode):
    """A committee, council, department or office in the tree. One that is closed or merged keeps its history."""

    class Kind(models.TextChoices):
        PEOPLE_COMMITTEE = "people_committee", _("People's Committee")
        PEOPLE_COUNCIL = "people_council", _("People's Council")
        DEPARTMENT = "department", _("Department")
        OFFICE = "office", _("Office")
        OTHER = "other", _("Other")

    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    level = models.ForeignKey(OrganisationLevel, models.PROTECT, verbose_name=_("level"), null=True, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("organisation")
        constraints = (
            models.CheckConstraint(
                name="only_a_closed_organisation_is_merged",
                condition=Q(merged_into=None) | Q(closed_on__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def members_of(self, organisation: Organisation, *, on: datetime.date) -> PersonQuerySet:
        """Who held a position in the organisation on that day."""
        held = Membership.objects.on(on).filter(organisation=organisation)
        return self.filter(pk__in=held.values("person"))

    def named(self, words: str) -> PersonQuerySet:
        """People whose name contains each of the words, with or without accents."""
        found = self
        for word in fold(words).split():
            found = found.filter(folded_name__contains=word)
        return found


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def create_user(self, username: str | None = None, password: str | None = None, **fields: Any) -> Person:
        person: Person = self.model(username=username or None, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, username: str, password: str, **fields: Any) -> Person:
        return self.create_user(username, password, is_superuser=True, **fields)


class Person(AbstractBaseUser, PermissionsMixin):
    """Anyone the system knows by name. A person may have no login."""

    class Theme(models.TextChoices):
        LIGHT = "light", pgettext_lazy("theme", "Light")
        DARK = "dark", pgettext_lazy("theme", "Dark")
        AUTO = "auto", pgettext_lazy("theme", "As the device")

    username = models.CharField(_("login name"), max_length=60, unique=True, null=True, blank=True)
    full_name = models.CharField(_("full name"), max_length=120)
    folded_name = models.CharField(max_length=120, editable=False, db_index=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=5, default="vi")
    is_active = models.BooleanField(_("may log in"), default=True)
    theme = models.CharField(_("light or dark"), max_length=5, choices=Theme, default=Theme.AUTO)
    must_choose_password = models.BooleanField(default=False, editable=False, help_text="It was given out by another.")
    has_put_guide_away = models.BooleanField(default=False, editable=False)
    permission_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PersonManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        ordering = ("folded_name", "pk")
        verbose_name = _("person")

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded_name = fold(self.full_name)
        self.username = self.username or None
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.rsplit(" ", 1)[-1]

    @property
    def principal_key(self) -> str:
        return f"person:{self.pk}"


class Position(models.Model):
    """Chairman, vice chairman, director: a catalogue kept by admins."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    rank = models.PositiveSmallIntegerField(_("rank"), default=100)

    class Meta:
        ordering = ("rank", "name")
        verbose_name = _("position")

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: datetime.date) -> MembershipQuerySet:
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)


class Membership(models.Model):
    """Who held which position in which organisation, from when until when (both days included)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    position = models.ForeignKey(Position, models.PROTECT, verbose_name=_("position"))
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("organisation", "position__rank", "person__folded_name")
        verbose_name = _("membership")
        constraints = (
            models.CheckConstraint(
                name="a_membership_ends_after_it_begins",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.position}, {self.organisation}"


class OrganisationRole(models.Model):
    """What a person may do in an organisation, and in all below it."""

    class Role(models.TextChoices):
        SYSTEM_ADMIN = "system_admin", _("System administrator")
        UNIT_ADMIN = "unit_admin", _("Unit administrator")
        SECRETARY = "secretary", _("Secretary")
        LEADERSHIP = "leadership", _("Leadership")

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles", verbose_name=_("person"))
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="roles", verbose_name=_("organisation"))
    role = models.CharField(_("role"), max_length=20, choices=Role)

    class Meta:
        verbose_name = _("role in an organisation")
        constraints = (
            models.UniqueConstraint(fields=("person", "organisation", "role"), name="one_role_once_per_organisation"),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}, {self.organisation}"


class Device(models.Model):
    """A screen that nobody is logged in on, such as the wall. Its session cookie holds the id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, default="wall")
    name = models.CharField(_("name"), max_length=80, blank=True)
    pairing_code = models.CharField(max_length=8, blank=True, db_index=True)
    pairing_until = models.DateTimeField(null=True, blank=True)
    scope = models.CharField(max_length=80, blank=True, help_text="meeting:<uuid>, once it is paired")
    permission_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("device")

    def __str__(self) -> str:
        return self.name or str(self.id)

    @property
    def principal_key(self) -> str:
        return f"device:{self.pk}"


class ChainHead(models.Model):
    """The last link of one chain of the log of acts."""

    name = models.CharField(max_length=80, unique=True)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class Act(models.Model):
    """One consequential act: who did what, when, from where. Never changed, never deleted: triggers refuse it."""

    chain = models.CharField(max_length=80)
    number = models.BigIntegerField()
    at = models.DateTimeField()
    act = models.CharField(_("act"), max_length=60)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, verbose_name=_("by"), related_name="acts")
    about = models.CharField(_("about"), max_length=120)
    facts = models.JSONField(default=dict)
    address = models.CharField(_("address"), max_length=45, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("chain", "number")
        verbose_name = _("act")
        constraints = (models.UniqueConstraint(fields=("chain", "number"), name="one_act_per_number_of_a_chain"),)
        indexes = (models.Index(fields=("by", "at"), name="acts_by_account_and_time"),)

    def __str__(self) -> str:
        return f"{self.chain} {self.number} {self.act}"
