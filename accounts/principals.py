"""Who is at the other end of a socket: the person of the session, or a device that was paired."""

from dataclasses import replace

from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.models import Device, Person
from realtime.principals import Principal, fingerprint

DEVICE_IN_SESSION = "device"


def principal_of(request: HttpRequest) -> Principal | None:
    person = request.user
    language = get_language() or "vi"
    address = request.META.get("REMOTE_ADDR", "")
    if person.is_authenticated:
        session = fingerprint(request.session.session_key) if request.session.session_key else ""
        return Principal(person.principal_key, language, person.permission_version, address, session)
    device = device_of(request)
    if device is None:
        return None
    return Principal(device.principal_key, language, device.permission_version, address)


def present_self(principal: Principal) -> Principal | None:
    """The principal as it is now; None when the person may no longer log in or the device was removed."""
    found: Person | Device | None
    if principal.person_id is not None:
        found = Person.objects.filter(pk=principal.person_id, is_active=True).first()
    else:
        found = Device.objects.filter(pk=principal.key.partition(":")[2]).first()
    return replace(principal, permission_version=found.permission_version) if found is not None else None


def device_of(request: HttpRequest) -> Device | None:
    """The device whose browser this is, if it was ever introduced."""
    device_id = request.session.get(DEVICE_IN_SESSION)
    return Device.objects.filter(pk=device_id).first() if device_id else None
