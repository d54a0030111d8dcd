"""Checking in by the QR code on the wall: whoever scans it has stood before it."""

from django.utils.crypto import constant_time_compare, salted_hmac

from meetings.models import Meeting

CODE_LETTERS = 12


def arrival_code(meeting: Meeting) -> str:
    """Return the word in the QR code of this meeting; nobody who has not seen the wall can guess it."""
    return salted_hmac("meetings.arrival", str(meeting.pk), algorithm="sha256").hexdigest()[:CODE_LETTERS]


def is_arrival_code(meeting: Meeting, code: str) -> bool:
    return constant_time_compare(code, arrival_code(meeting))
