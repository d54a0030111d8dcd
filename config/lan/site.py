"""The demonstration on the network of a meeting room: its address, its certificates, and what is said about them."""

import io
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import segno
from django.conf import settings
from django.core.management import CommandError
from django.utils import timezone

from config.demo import people
from config.lan.authority import Certificates, certificates_for, is_private
from config.lan.network import own_addresses
from config.lan.welcome import welcome_tablets
from config.services import Tls, is_free

EVERYWHERE = "0.0.0.0"  # noqa: S104 - the tablets of the network are meant
LOCAL_NAMES = ["localhost", *(f"{seat.key}.localhost" for seat in (*people.SEATS, people.WALL))]


@dataclass(frozen=True)
class LanSite:
    listen: str
    port: int
    addresses: Sequence[str]
    certificates: Certificates

    @classmethod
    def on_this_network(cls, port: int, listen: str | None = None) -> "LanSite":
        """Prepare for the tablets of this network; `listen` names one of several addresses of this machine."""
        addresses = [address for address in ([listen] if listen else own_addresses()) if is_private(address)]
        listen = listen or EVERYWHERE
        if not addresses:
            raise CommandError(
                "Máy này chưa vào mạng nội bộ nào (Wi-Fi hoặc dây). Hãy nối mạng rồi chạy lại, hoặc nêu địa chỉ IPv4\n"
                "của máy trong mạng bằng --listen.\n"
                "This machine is in no private network. Join one, by Wi-Fi or cable, and start again, or name its\n"
                "IPv4 address there with --listen."
            )
        if not is_free(listen, port + 1):
            raise CommandError(
                f"Cổng {port + 1} (trang hướng dẫn cho máy tính bảng) đang bận. Hãy chọn cổng khác bằng --port.\n"
                f"Port {port + 1}, for the page that helps tablets in, is in use. Choose others with --port."
            )
        folder = Path(settings.DATA_DIR) / "lan"
        certificates = certificates_for(folder, sorted({*addresses, "127.0.0.1"}), LOCAL_NAMES, timezone.now())
        return cls(listen, port, addresses, certificates)

    @property
    def tls(self) -> Tls:
        return Tls(self.certificates.certificate, self.certificates.key)

    @property
    def environment(self) -> dict[str, str]:
        hosts = ["localhost", ".localhost", "127.0.0.1", *self.addresses]
        return {"PHIEN_HOSTS": ",".join(hosts), "PHIEN_HTTPS": "1"}

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.certificates.authority)

    @property
    def address(self) -> str:
        return f"https://{self.addresses[0]}:{self.port}/"

    @property
    def welcome_address(self) -> str:
        return f"http://{self.addresses[0]}:{self.port + 1}/"

    def welcome_tablets(self) -> None:
        welcome_tablets(listen=self.listen, port=self.port + 1, certificates=self.certificates, address=self.address)

    def words(self) -> str:
        """Say how tablets come in, and what does not work for those that do not trust the certificate."""
        code = io.StringIO()
        segno.make(self.welcome_address, error="m").terminal(out=code, compact=True)
        others = [f"    https://{address}:{self.port}/" for address in self.addresses[1:]]
        return "\n".join(
            [
                "",
                f"Máy tính bảng cùng mạng: quét mã, hoặc mở / Tablets of this network: {self.welcome_address}",
                "",
                code.getvalue(),
                "Trang đó có chứng thư và từng bước cài đặt. / It has the certificate and the steps.",
                f"Bản trình diễn / the demonstration: {self.address}",
                *others,
                f"Dấu vân chứng thư / fingerprint (SHA-256):\n    {self.certificates.fingerprint}",
                "",
                "Chưa tin cậy chứng thư: trình duyệt cảnh báo; iPad có thể nhận diễn biến chậm 2 giây.",
                "Without trust in it: the browser warns; an iPad may hear news 2 seconds late.",
                "Ai trong mạng cũng chọn được mọi vai: không đưa tài liệu thật vào.",
                "Anybody in the network can take any role: bring in no real papers.",
                "",
            ]
        )
