"""Every view fetches through the person: what may not be seen is 404, what may not be done is 403."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.requests import SignedInRequest
from documents import rules
from documents.models import Document, DocumentVersion, Page
from meetings.models import Meeting
from meetings.rules import may_prepare

RELATED = ("document__meeting__current_item", "document__item__meeting", "document__meeting__organisation")


def prepared_meeting(request: SignedInRequest, key: UUID) -> Meeting:
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("organisation"), pk=key)
    if not may_prepare(request.user, meeting):
        raise PermissionDenied
    return meeting


def overseen_meeting(request: SignedInRequest, key: UUID) -> Meeting:
    """A meeting of which this person is told who has read what."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("organisation"), pk=key)
    if not rules.may_see_receipts(request.user, meeting):
        raise PermissionDenied
    return meeting


def prepared_document(request: SignedInRequest, key: UUID) -> Document:
    visible = Document.objects.visible_to(request.user).select_related("meeting__organisation", "item")
    document = get_object_or_404(visible, pk=key)
    if not may_prepare(request.user, document.meeting):
        raise PermissionDenied
    return document


# Rooms full of tablets come through the doors below: they ask the rule for one object, which costs a third of asking
# the list for it.


def visible_document(request: SignedInRequest, key: UUID) -> Document:
    found = Document.objects.select_related("meeting__current_item", "meeting__organisation", "item__meeting")
    document = get_object_or_404(found, pk=key)
    if not rules.may_read(request.user, document):
        raise Http404
    return document


def visible_version(request: SignedInRequest, key: UUID) -> DocumentVersion:
    return readable_version(request, DocumentVersion.objects.all(), key)


def visible_page(request: SignedInRequest, key: UUID, number: int) -> tuple[DocumentVersion, Page]:
    version = readable_version(request, DocumentVersion.objects.defer("outline"), key)
    return version, get_object_or_404(version.pages.defer("text"), number=number)


def readable_version(request: SignedInRequest, versions: QuerySet[DocumentVersion], key: UUID) -> DocumentVersion:
    version = get_object_or_404(versions.select_related(*RELATED), pk=key)
    if not rules.may_read_version(request.user, version):
        raise Http404
    return version
