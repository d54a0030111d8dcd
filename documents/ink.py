"""Streams of marks: `ink:<version>:private:<person>`, `…:shared:<meeting>` and `…:presenter:<meeting>`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.models import Person
from documents.models import DocumentVersion, Mark, PresentedPage
from documents.rules import is_open_to_sharing, may_present, may_read_version, may_share
from realtime.kinds import StreamKind
from realtime.principals import Principal

PRIVATE, SHARED, PRESENTER = "private", "shared", "presenter"


@dataclass(frozen=True)
class InkName:
    """The three words of such a name."""

    version: UUID
    layer: str
    owner: str  # the key of the person, or of the meeting

    def __str__(self) -> str:
        return f"ink:{self.version}:{self.layer}:{self.owner}"


def ink_name(text: str) -> InkName | None:
    """Take a name apart; None when it is none, or not written the one way in which it is told."""
    words = text.split(":")
    if len(words) != 4 or words[2] not in {PRIVATE, SHARED, PRESENTER}:
        return None
    try:
        name = InkName(UUID(words[1]), words[2], words[3])
    except ValueError:
        return None
    return name if str(name) == text else None


def private_stream(version: DocumentVersion, person: Person) -> str:
    return f"ink:{version.pk}:{PRIVATE}:{person.pk}"


def shared_stream(version: DocumentVersion) -> str:
    return f"ink:{version.pk}:{SHARED}:{version.document.meeting_id}"


def presenter_stream(version: DocumentVersion) -> str:
    return f"ink:{version.pk}:{PRESENTER}:{version.document.meeting_id}"


class InkStream(StreamKind):
    prefix = "ink"
    mode = "entries"

    def may_listen(self, principal: Principal, name: str) -> bool:
        """Private: the owner alone. Shared and presenter: who may read the paper in this meeting."""
        ink, version, person = self.met(principal, name)
        return ink is not None and version is not None and person is not None and may_read_version(person, version)

    def may_send_ephemera(self, principal: Principal, name: str) -> bool:
        """A stroke being drawn goes to those who would see it once it is stored."""
        ink, version, person = self.met(principal, name)
        if ink is None or version is None or person is None or not may_read_version(person, version):
            return False
        if ink.layer == SHARED:
            return may_share(person, version.document)
        return ink.layer == PRESENTER and may_present(person, version.document)

    def state(self, name: str) -> Any:
        ink = ink_name(name)
        assert ink is not None
        if ink.layer == PRESENTER:
            rows = PresentedPage.objects.filter(meeting__pk=ink.owner, version__pk=ink.version)
            shown = rows.select_related("by").first()
            return {"marks": [], "page": told_page(shown) if shown else None}
        marks = Mark.objects.filter(version__pk=ink.version, layer=ink.layer, erased_at=None).select_related("owner")
        own = marks.filter(meeting__pk=ink.owner) if ink.layer == SHARED else marks.filter(owner__pk=ink.owner)
        return {"marks": [mark.told() for mark in own]}

    def met(self, principal: Principal, name: str) -> tuple[InkName | None, DocumentVersion | None, Person | None]:
        """The name, its version and the person who asks, where they belong together."""
        ink = ink_name(name)
        person = person_of(principal)
        if ink is None or person is None or (ink.layer == PRIVATE and ink.owner != str(person.pk)):
            return None, None, None
        version = (
            DocumentVersion.objects.select_related("document__meeting__current_item", "document__item__meeting")
            .filter(pk=ink.version)
            .first()
        )
        if version is None or (ink.layer != PRIVATE and ink.owner != str(version.document.meeting_id)):
            return None, None, None
        return ink, version, person


def person_of(principal: Principal) -> Person | None:
    return Person.objects.filter(pk=principal.person_id, is_active=True).first() if principal.person_id else None


def told_page(shown: PresentedPage) -> dict[str, Any]:
    return {
        "k": "page",
        "version": str(shown.version_id),
        "page": shown.page,
        "by": shown.by_id,
        "by_name": shown.by.full_name,
    }


def streams_for(version: DocumentVersion, person: Person) -> dict[str, str | None]:
    """The streams a reader listens to; a meeting that has not been published has none to share."""
    shares = version.document.meeting.state != version.document.meeting.State.DRAFT
    return {
        PRIVATE: private_stream(version, person),
        SHARED: shared_stream(version) if shares else None,
        PRESENTER: presenter_stream(version) if is_open_to_sharing(version.document.meeting) else None,
    }
