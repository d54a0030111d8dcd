"""Under which addresses tablets of the same network reach this machine."""

import ipaddress
import socket

# Of the networks kept for documentation (RFC 5737): nothing is sent, the system only says which way it would go.
FAR_AWAY = ("192.0.2.1", 9)


def own_addresses() -> list[str]:
    """Return this machine's IPv4 addresses, the one that tablets most likely reach first; none without a network."""
    found = [address_on_the_way_out(), *addresses_of_the_name()]
    return list(dict.fromkeys(one for one in found if one and not ipaddress.ip_address(one).is_loopback))


def address_on_the_way_out() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(FAR_AWAY)
            return str(way.getsockname()[0])
        except OSError:
            return None


def addresses_of_the_name() -> list[str]:
    try:
        return socket.gethostbyname_ex(socket.gethostname())[2]
    except OSError:
        return []
