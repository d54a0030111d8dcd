"""Papers, their versions and pages, who was granted one, the marks on them, and the page that is being shown."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from guardian.models import UserObjectPermissionBase

from accounts.models import Organisation, Person
from documents.geometry import Box
from documents.storage import pictures_folder
from meetings.models import AgendaItem, Meeting

if TYPE_CHECKING:
    from collections.abc import Iterable


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, person: Person) -> DocumentQuerySet:
        from documents.rules import visible_documents

        return visible_documents(self, person)


class Document(models.Model):
    """One paper of a meeting, or the line that says that one is handed out on the spot."""

    class Kind(models.TextChoices):
        SUBMISSION = "submission", _("Submission")
        REPORT = "report", _("Report")
        DRAFT = "draft", _("Draft decision or resolution")
        APPRAISAL = "appraisal", _("Appraisal or verification")
        ANNEX = "annex", _("Annex")
        OTHER = "other", pgettext_lazy("kind of a paper", "Other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="documents", verbose_name=_("meeting"))
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="documents", verbose_name=_("agenda item")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    title = models.CharField(_("name of the paper"), max_length=300)
    kind = models.CharField(_("type"), max_length=20, choices=Kind, default=Kind.OTHER)
    abstract = models.CharField(_("abstract"), max_length=500, blank=True)
    number = models.CharField(_("number"), max_length=20, blank=True)
    symbol = models.CharField(_("symbol"), max_length=40, blank=True)
    issuing_body = models.CharField(_("issuing body"), max_length=200, blank=True)
    restricted = models.BooleanField(_("only for those it is granted to"), default=False)
    is_handed_out = models.BooleanField(_("handed out on the spot"), default=False)
    may_be_copied = models.BooleanField(_("its readers may download and print it"), default=False)
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ("position", "added_at", "pk")
        verbose_name = _("paper")
        permissions = (("read_document", "May read this paper"),)
        indexes = (models.Index(fields=("meeting", "item", "position"), name="papers_of_a_meeting_in_order"),)

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> str:
        """How the log of acts names it."""
        return f"document:{self.pk}"

    def newest(self, versions: Iterable[DocumentVersion] | None = None) -> DocumentVersion | None:
        """The version in force: the newest that may be read; `versions` saves the query."""
        found = self.versions.all() if versions is None else versions
        readable = [version for version in found if version.is_readable]
        return max(readable, key=lambda version: version.number, default=None)


class DocumentUserObjectPermission(UserObjectPermissionBase):
    """A grant to one person (django-guardian, with a foreign key of its own)."""

    content_object = models.ForeignKey(Document, models.CASCADE, related_name="person_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class UnitGrant(models.Model):
    """A grant to whoever is a member of a unit on the day of reading."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="unit_grants")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("unit"))
    granted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("organisation__name",)
        verbose_name = _("grant to a unit")
        constraints = (
            models.UniqueConstraint(fields=("document", "organisation"), name="one_grant_per_unit_and_paper"),
        )

    def __str__(self) -> str:
        return f"{self.document}: {self.organisation}"


class VersionQuerySet(models.QuerySet["DocumentVersion"]):
    def visible_to(self, person: Person) -> VersionQuerySet:
        from documents.rules import visible_versions

        return visible_versions(self, person)


class DocumentVersion(models.Model):
    """One file of a paper. It is never changed: what replaces it is the next version."""

    class State(models.TextChoices):
        CONVERTING = "converting", pgettext_lazy("state of a paper", "being made into pages")
        WAITING = "waiting", pgettext_lazy("state of a paper", "waiting")
        READING = "reading", pgettext_lazy("state of a paper", "being prepared")
        READY = "ready", pgettext_lazy("state of a paper", "ready")
        HELD = "held", pgettext_lazy("state of a paper", "held back")
        REFUSED = "refused", pgettext_lazy("state of a paper", "refused")

    READABLE = (State.READING, State.READY)
    WAITED_FOR = (State.CONVERTING, State.WAITING, State.READING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    sha256 = models.CharField(max_length=64, db_index=True)
    size_bytes = models.BigIntegerField()
    file_name = models.CharField(max_length=255, help_text="As it was called on the sender's machine.")
    file = models.CharField(max_length=160, help_text="Where the storage keeps the PDF: under what came in.")
    made_from = models.CharField(
        max_length=4, blank=True, help_text="What came in (docx, png, …), where the PDF was made of it here."
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    refusal = models.CharField(max_length=30, blank=True, help_text="Code of the reason; see refusals.py.")
    stamp = models.CharField(max_length=20, blank=True, help_text="The grade that page 1 seems to bear.")
    page_count = models.PositiveIntegerField(default=0)
    pages_drawn = models.PositiveIntegerField(default=0)
    outline = models.JSONField(default=list, blank=True)
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    changes = models.JSONField(
        null=True,
        blank=True,
        help_text='{"since": 1, "changed": [3, 7], "added": [8], "removed": []}; null until both are read.',
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ("document", "-number")
        verbose_name = _("version")
        constraints = (
            models.UniqueConstraint(fields=("document", "number"), name="one_version_per_number_of_a_paper"),
        )

    def __str__(self) -> str:
        return f"{self.document} ({self.number})"

    @property
    def is_readable(self) -> bool:
        return self.state in self.READABLE

    @property
    def is_waited_for(self) -> bool:
        return self.state in self.WAITED_FOR

    @property
    def original(self) -> str:
        """Where the storage keeps the file as it came in."""
        return f"{self.file.removesuffix('.pdf')}.{self.made_from}" if self.made_from else self.file

    @property
    def files(self) -> set[str]:
        return {self.file, self.original}

    @property
    def refusal_sentence(self) -> str:
        from documents.refusals import sentence_of

        return str(sentence_of(self.refusal)) if self.refusal else ""

    def raster_name(self, page: int, tier: int) -> str:
        """Where the storage keeps the picture of a page: under the content, so the same file is drawn once."""
        return f"{pictures_folder(self.sha256)}/{page}-{tier}.webp"

    def tile_name(self, page: int, level: int, column: int, row: int) -> str:
        return f"{pictures_folder(self.sha256)}/{page}-{level}/{column}-{row}.webp"


class Page(models.Model):
    """One page: its geometry in user space, its text, and whether its picture is there."""

    class Raster(models.TextChoices):
        WAITING = "waiting", "waiting"
        READY = "ready", "ready"
        FAILED = "failed", "failed"

    version = models.ForeignKey(DocumentVersion, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    width_pt = models.FloatField(help_text="As it is viewed: cropped and turned.")
    height_pt = models.FloatField()
    media = models.JSONField(help_text="[x0, y0, x1, y1] in PDF user space.")
    crop = models.JSONField()
    rotation = models.PositiveSmallIntegerField()
    matrix = models.JSONField(help_text="[a, b, c, d, e, f]: user space to view.")
    text = models.JSONField(null=True, blank=True, help_text='{"spans": […], "links": […]}; null until it is read.')
    raster = models.CharField(max_length=8, choices=Raster, default=Raster.WAITING)

    class Meta:
        ordering = ("version", "number")
        constraints = (models.UniqueConstraint(fields=("version", "number"), name="one_page_per_number_of_a_version"),)

    def __str__(self) -> str:
        return f"{self.version_id} {self.number}"

    @property
    def media_box(self) -> Box:
        return Box(*self.media)


class Wording(models.Model):
    """The words of one page, or of what a paper is called, as they are searched; see index.py.

    The database keeps an index of them beside this table (migration 0003): whatever writes a row, the index follows.
    Paper and version could be asked of the page; they stand here because every search goes by them.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="wordings")
    version = models.ForeignKey(DocumentVersion, models.CASCADE, null=True, related_name="+")
    page = models.OneToOneField(Page, models.CASCADE, null=True, related_name="wording")
    number = models.PositiveIntegerField(default=0, help_text="Of the page; 0 is what the paper is called.")
    folded = models.TextField(blank=True, help_text="Words without accents, a blank between them.")
    spelled = models.TextField(blank=True, help_text="The same words with their accents.")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("document",), condition=Q(page=None), name="one_wording_of_what_a_paper_is_called"
            ),
            models.CheckConstraint(
                name="a_wording_is_of_a_page_or_of_a_paper",
                condition=Q(number=0, page=None, version=None)
                | Q(number__gt=0, page__isnull=False, version__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id} {self.number}"


class Mark(models.Model):
    """What somebody wrote on a page. Of what is stored only a note's words change; erasing leaves a tombstone."""

    class Layer(models.TextChoices):
        PRIVATE = "private", _("private note")
        SHARED = "shared", _("shared comment")

    class Kind(models.TextChoices):
        INK = "ink", _("ink")
        HIGHLIGHT = "highlight", _("highlight")
        NOTE = "note", _("note")

    id = models.UUIDField(primary_key=True, editable=False, help_text="Made by the tablet.")
    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="marks")
    page = models.PositiveIntegerField()
    layer = models.CharField(max_length=10, choices=Layer, default=Layer.PRIVATE)
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="marks")
    owner = models.ForeignKey(Person, models.PROTECT, related_name="marks")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.INK)
    geometry = models.JSONField()
    style = models.JSONField()
    body = models.TextField(blank=True, help_text="The words of a note.")
    anchor = models.JSONField(null=True, blank=True, help_text='{"quote", "prefix", "suffix"} of a highlight.')
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, blank=True)
    origin = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="copies")

    class Meta:
        ordering = ("made_at", "pk")
        verbose_name = _("mark")
        constraints = (
            models.CheckConstraint(
                name="a_shared_mark_belongs_to_a_meeting",
                condition=Q(layer="private", meeting=None) | Q(layer="shared", meeting__isnull=False),
            ),
            models.CheckConstraint(
                name="a_note_and_nothing_else_has_words",
                condition=Q(kind="note") & ~Q(body="") | ~Q(kind="note") & Q(body=""),
            ),
        )
        indexes = (
            models.Index(fields=("version", "layer", "owner"), name="marks_of_a_layer"),
            models.Index(fields=("origin",), name="copies_of_a_mark"),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def stream(self) -> str:
        if self.layer == self.Layer.SHARED:
            return f"ink:{self.version_id}:shared:{self.meeting_id}"
        return f"ink:{self.version_id}:private:{self.owner_id}"

    def told(self) -> dict[str, Any]:
        """The mark as its stream tells it; the origin of a copy is never told."""
        words = {"body": self.body} if self.body else {"anchor": self.anchor} if self.anchor else {}
        return {
            **words,
            "id": str(self.pk),
            "page": self.page,
            "kind": self.kind,
            "geometry": self.geometry,
            "style": self.style,
            "owner": self.owner_id,
            "owner_name": self.owner.full_name,
            "layer": self.layer,
            "at": self.made_at.isoformat(),
            "revision": self.revision,
        }


class PresentedPage(models.Model):
    """The page everybody is being shown; one per meeting, gone when the presentation ends."""

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="presented_page")
    version = models.ForeignKey(DocumentVersion, models.CASCADE, related_name="+")
    page = models.PositiveIntegerField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.version_id} {self.page}"


class Opening(models.Model):
    """That a person has opened a version, and how many of its pages were before the eyes long enough to be read."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="openings")
    version = models.ForeignKey(DocumentVersion, models.CASCADE, related_name="openings")
    first_opened_at = models.DateTimeField(default=timezone.now)
    last_opened_at = models.DateTimeField(default=timezone.now)
    pages = models.BinaryField(default=bytes, help_text="One bit a page, the first page lowest.")
    pages_seen = models.PositiveIntegerField(default=0)
    last_page = models.PositiveIntegerField(default=1, help_text="Where the person goes on reading.")
    last_page_at = models.DateTimeField(null=True, help_text="When the person was there, by the clock of the tablet.")

    class Meta:
        ordering = ("version", "first_opened_at")
        verbose_name = _("opening of a paper")
        constraints = (
            models.UniqueConstraint(fields=("person", "version"), name="one_opening_per_person_and_version"),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.version_id}"


class Copy(models.Model):
    """That a person took a version out of the system, with the own name on every page: as a file, or to print it."""

    class Kind(models.TextChoices):
        DOWNLOAD = "download", pgettext_lazy("kind of a copy", "downloaded")
        PRINT = "print", pgettext_lazy("kind of a copy", "printed")

    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="copies")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    count = models.PositiveSmallIntegerField(_("copies"), default=1)
    pages_printed = models.PositiveIntegerField(default=0, help_text="Pages times copies; a file is no paper.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("copy of a paper")
        constraints = (
            models.CheckConstraint(
                name="what_is_printed_is_paper_and_a_file_is_none",
                condition=Q(kind="download", pages_printed=0, count=1)
                | Q(kind="print", pages_printed__gt=0, count__gt=0),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.version_id} {self.kind}"


class Upload(models.Model):
    """A file on its way in, of which a line that is cut costs nothing.

    The bytes lie in a file of `part_files`. The last of them is acknowledged when the whole was taken in, in the same
    transaction: an upload that is complete has become a version, and never becomes a second one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(Person, models.CASCADE, related_name="uploads")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="uploads")
    item = models.ForeignKey(AgendaItem, models.CASCADE, null=True, blank=True, related_name="+")
    document = models.ForeignKey(
        Document, models.CASCADE, null=True, blank=True, related_name="+", help_text="The paper it is a new version of."
    )
    file_name = models.CharField(max_length=255)
    metadata = models.TextField(blank=True, help_text="As it was sent: HEAD says it again.")
    size_bytes = models.BigIntegerField()
    offset = models.BigIntegerField(default=0, help_text="Bytes acknowledged.")
    begun_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    version = models.ForeignKey(DocumentVersion, models.CASCADE, null=True, blank=True, related_name="+")
    refusal = models.CharField(max_length=30, blank=True)
    refusal_text = models.TextField(blank=True)

    class Meta:
        ordering = ("begun_at", "pk")
        verbose_name = _("upload")
        constraints = (
            models.CheckConstraint(
                name="a_complete_upload_became_a_version",
                condition=Q(offset=F("size_bytes"), version__isnull=False)
                | Q(offset__gte=0, offset__lt=F("size_bytes"), version=None),
            ),
            models.CheckConstraint(
                name="what_became_a_version_was_not_refused", condition=Q(version=None) | Q(refusal="")
            ),
        )

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_over(self) -> bool:
        return self.version_id is not None or bool(self.refusal)

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()
