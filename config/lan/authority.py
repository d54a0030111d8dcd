"""A certificate authority for one demonstration, made on the spot: good for addresses of private networks only."""

import ipaddress
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NAME = "Phiên - bản trình diễn"
GOOD_FOR = timedelta(days=90)
RENEW_BEFORE = timedelta(days=7)
CLOCKS_DIFFER = timedelta(days=1)  # a tablet may be behind
# A tablet that trusts this authority trusts it for private networks only, whoever may get hold of its key.
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "127.0.0.0/8")
PRIVATE_SIX = ("fc00::/7", "fe80::/10", "::1/128")


@dataclass(frozen=True)
class Certificates:
    """Where the three files lie: what tablets shall trust, and what the server shows and keeps to itself."""

    authority: Path
    certificate: Path
    key: Path

    @property
    def fingerprint(self) -> str:
        """The authority's SHA-256 as devices show it, pairs of letters with colons between."""
        return read_certificate(self.authority).fingerprint(hashes.SHA256()).hex(":").upper()


def certificates_for(folder: Path, addresses: Sequence[str], names: Sequence[str], now: datetime) -> Certificates:
    """Return certificates for these IP addresses and host names; those that are there and still good are kept.

    The authority stays as long as it is valid, so that tablets need to trust it once. Addresses outside of private
    networks raise ValueError.
    """
    for address in addresses:
        if not is_private(address):
            raise ValueError(address)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = Certificates(folder / "phien-demo-ca.crt", folder / "server.crt", folder / "server.key")
    authority_key = folder / "authority.key"
    if not (authority_key.exists() and is_good(files.authority, now)):
        make_authority(files.authority, authority_key, names, now)
        files.certificate.unlink(missing_ok=True)
    if not (is_good(files.certificate, now) and subjects(files.certificate) == {*addresses, *names}):
        make_server_certificate(files, authority_key, addresses, names, now)
    return files


def is_private(address: str) -> bool:
    try:
        own = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(own in ipaddress.ip_network(network) for network in (*PRIVATE, *PRIVATE_SIX))


def is_good(path: Path, now: datetime) -> bool:
    if not path.exists():
        return False
    certificate = read_certificate(path)
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc - RENEW_BEFORE


def subjects(path: Path) -> set[str]:
    names = read_certificate(path).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(name.value) for name in names}


def make_authority(path: Path, key_path: Path, names: Iterable[str], now: datetime) -> None:
    key = new_key(key_path)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"{NAME} {now.astimezone(UTC):%d/%m/%Y %H:%M}"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, NAME),
        ]
    )
    networks = [ipaddress.ip_network(network) for network in (*PRIVATE, *PRIVATE_SIX)]
    permitted = [*map(x509.IPAddress, networks), *map(x509.DNSName, names)]
    builder = (
        begun(name, name, key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    write_certificate(path, builder.sign(key, hashes.SHA256()))


def make_server_certificate(
    files: Certificates, authority_key: Path, addresses: Iterable[str], names: Iterable[str], now: datetime
) -> None:
    authority = read_certificate(files.authority)
    signing = serialization.load_pem_private_key(authority_key.read_bytes(), password=None)
    assert isinstance(signing, ec.EllipticCurvePrivateKey)
    key = new_key(files.key)
    served = [*(x509.IPAddress(ipaddress.ip_address(one)) for one in addresses), *map(x509.DNSName, names)]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    builder = (
        begun(subject, authority.subject, key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(served), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    )
    write_certificate(files.certificate, builder.sign(signing, hashes.SHA256()))


def begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS_DIFFER)
        .not_valid_after(now + GOOD_FOR)
    )


def usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def new_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Make a key and keep it where only the one who started the demo reads it."""
    key = ec.generate_private_key(ec.SECP256R1())
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    return key


def write_certificate(path: Path, certificate: x509.Certificate) -> None:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def read_certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())
