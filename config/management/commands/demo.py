"""`uv run manage.py demo`: a province at work, on this machine, without any preparation."""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone, translation

from config.demo import people
from config.services import Services, Stopped, extras, is_free, server, worker

if TYPE_CHECKING:
    from config.lan.site import LanSite

READY_SECONDS = 120
EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared, and bound only where somebody asked for it


class Command(BaseCommand):
    help = "Make a demonstration province with a session of today, and serve it on this machine."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port of the web server (8000)")
        parser.add_argument(
            "--listen",
            metavar="ADDRESS",
            help="address to listen at (127.0.0.1; with --lan every address of this machine)",
        )
        parser.add_argument(
            "--lan",
            action="store_true",
            help="serve the tablets of this network over HTTPS, with a certificate made on the spot",
        )
        parser.add_argument("--fresh", action="store_true", help="forget everything that was done and begin anew")
        parser.add_argument("--alone", action="store_true", help="the other members do not vote by themselves")
        parser.add_argument("--only-data", action="store_true", help="make the data and end")

    def handle(
        self, *, port: int, listen: str | None, lan: bool, fresh: bool, alone: bool, only_data: bool, **_: Any
    ) -> None:
        began = time.monotonic()
        lan_site = lan_site_at(port, listen) if lan else None
        listen = lan_site.listen if lan_site else listen or "127.0.0.1"
        if not only_data and not is_free(listen, port):
            raise CommandError(
                f"Cổng {port} đang được chương trình khác sử dụng. / Port {port} is in use by another program.\n"
                f"Hãy dừng chương trình đó, hoặc chạy: / Stop that program, or run:\n"
                f"    uv run manage.py demo --port {port + 1}"
            )
        if fresh:
            forget_everything()
        with translation.override("vi"):
            if only_data:
                make_data()
                return
            self.serve(port, listen, began, alone=alone, lan=lan_site)

    def serve(self, port: int, listen: str, began: float, *, alone: bool, lan: "LanSite | None") -> None:
        environment = {"PHIEN_DEMO": "1", **(lan.environment if lan else hosts(listen))}
        web = server(host=listen, port=port, tls=lan.tls if lan else None, environment=environment)
        try:
            with Services([web], say=self.say) as running:
                make_data(when_it_stands=running.start)  # the page is there sooner; papers are brought in meanwhile
                self.wait_until_ready(web, port, listen, lan)
                # Only now: on a small machine reading papers would take the processor from the first page.
                running.add(worker(environment=environment))
                self.say(table(port, listen, time.monotonic() - began, lan))
                if lan:
                    lan.welcome_tablets()
                    self.say(lan.words())
                if not alone:
                    running.add(extras(environment=environment))
                status = running.watch()
        except Stopped:
            self.say("\nĐã dừng. Dữ liệu được giữ lại. / Stopped. What was done is kept.")
            return
        raise CommandError(f"Máy chủ web đã dừng với mã {status}. / The web server ended with status {status}.")

    def wait_until_ready(self, web: Any, port: int, listen: str, lan: "LanSite | None") -> None:
        address = f"{scheme(lan)}://{'127.0.0.1' if listen == EVERYWHERE else bracketed(listen)}:{port}/account/login/"
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and web.runs:
            try:
                # The address is our own, made two lines above.
                with urllib.request.urlopen(address, timeout=READY_SECONDS, context=lan.trust if lan else None):  # noqa: S310
                    return
            except OSError:
                time.sleep(0.05)
        raise CommandError("Máy chủ web không trả lời. / The web server does not answer.")

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


# -- Data --------------------------------------------------------------------------------------------------------------


def make_data(when_it_stands: Callable[[], None] = lambda: None) -> None:
    """Bring the database up to date and put in it what is missing; what people did stays.

    `when_it_stands` is called as soon as tables, people and history are there, before today's papers are.
    """
    from config.demo import coming, history, province, session
    from realtime.transactions import one_transaction

    day = timezone.localdate()
    is_new = not is_up_to_date() or not province.is_made()
    # Drawing the papers takes a moment: a child does it while the tables are made.
    drawing = start_drawing(day) if is_new or not session.is_there(day) else None
    if is_new:
        make_tables(drawing)
        if not province.is_made():
            with one_transaction():  # a start that is killed leaves no province without its past
                province.make_province(day=day)
                history.make_history(day=day)
    when_it_stands()
    if drawing and drawing.wait():
        raise CommandError("Không tạo được tài liệu mẫu. / The sample papers could not be made.")
    session.todays_session(papers_of(day), day=day)
    if not coming.is_made():
        with one_transaction():
            coming.make_coming(papers_of(day), day=day)
    coming.move_on(day)


def make_tables(drawing: subprocess.Popen[bytes] | None) -> None:
    """Bring the tables up to date; refuse to touch an installation in real use."""
    from accounts.models import Person
    from config.demo import province

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    if Person.objects.exists() and not province.is_made():
        if drawing:
            drawing.wait()
        raise CommandError(
            "Cơ sở dữ liệu này đang được sử dụng thật, không phải bản trình diễn. Hãy đặt PHIEN_DATA khác.\n"
            "This database is in real use; the demo does not touch it. Set another PHIEN_DATA."
        )


def lan_site_at(port: int, listen: str | None) -> "LanSite":
    from config.lan.site import LanSite  # certificates take a moment to import

    return LanSite.on_this_network(port, listen)


def is_up_to_date() -> bool:
    """Is everything there but perhaps a session of today?"""
    from config.demo import province

    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes()) and province.is_made()


def start_drawing(day: date) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "config.demo.papers", day.isoformat(), str(folder_of(day))], cwd=settings.BASE_DIR
    )


def folder_of(day: date) -> Path:
    return Path(settings.DATA_DIR) / "demo-papers" / day.isoformat()


def papers_of(day: date) -> dict[str, Path]:
    return {path.stem: path for path in folder_of(day).glob("*.pdf")}


def forget_everything() -> None:
    if connection.vendor != "sqlite":
        raise CommandError(
            "--fresh chỉ dùng với cơ sở dữ liệu tệp (SQLite). Hãy tạo cơ sở dữ liệu mới rồi chạy lại.\n"
            "--fresh works with the file database only. Make a new database and start again."
        )
    from config.demo import province

    name = Path(str(settings.DATABASES["default"]["NAME"]))
    if name.exists() and "accounts_act" in connection.introspection.table_names() and not province.is_made():
        raise CommandError(
            "Đây không phải cơ sở dữ liệu trình diễn nên không bị xóa. / This is no demo database; it is kept."
        )
    connection.close()
    for suffix in ("", "-wal", "-shm"):
        name.with_name(name.name + suffix).unlink(missing_ok=True)
    for folder in (Path(settings.MEDIA_ROOT), Path(settings.DATA_DIR) / "demo-papers"):
        shutil.rmtree(folder, ignore_errors=True)


# -- Words -------------------------------------------------------------------------------------------------------------


def hosts(listen: str) -> dict[str, str]:
    """Let the page be asked for under this machine's own addresses when tablets of the network are let in."""
    if listen in {"127.0.0.1", "::1", "localhost"} or "PHIEN_HOSTS" in os.environ:
        return {}
    own = [listen] if listen != EVERYWHERE else addresses_of_this_machine()
    return {"PHIEN_HOSTS": ",".join(["localhost", ".localhost", "127.0.0.1", "[::1]", *map(bracketed, own)])}


def addresses_of_this_machine() -> list[str]:
    name = socket.gethostname()
    try:
        return [name, *socket.gethostbyname_ex(name)[2]]
    except OSError:
        return [name]


def bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def scheme(lan: "LanSite | None") -> str:
    return "https" if lan else "http"


def table(port: int, listen: str, seconds: float, lan: "LanSite | None" = None) -> str:
    """Say where to go, as whom, in both languages."""
    rows = [(f"{scheme(lan)}://{seat.key}.localhost:{port}", seat.vi, seat.en, seat.key) for seat in people.SEATS]
    rows.append((f"{scheme(lan)}://{people.WALL.key}.localhost:{port}", people.WALL.vi, people.WALL.en, "-"))
    heads = ("Địa chỉ / address", "Vai", "role", "tài khoản / account")
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [heads, *rows]
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    everywhere = [
        f"Mọi vai / any role: {scheme(lan)}://{bracketed(address)}:{port}"
        for address in (addresses_of_this_machine() if listen == EVERYWHERE else ["localhost"])
    ]
    return "\n".join(
        [
            "",
            f"Phiên: bản trình diễn, tỉnh {people.PROVINCE} (hư cấu) / a demonstration in a made-up province.",
            f"Sẵn sàng sau {seconds:.1f} giây. / Ready.",
            "",
            *lines,
            "",
            *everywhere,
            f"Mật khẩu chung / password of all accounts: {people.PASSWORD}",
            "Các ủy viên khác tự điểm danh và biểu quyết. / The other members come and vote by themselves.",
            "Mở được nhiều vai trong cùng trình duyệt. / One host per role: open several in one browser.",
            "Dừng: Ctrl-C. Làm lại từ đầu: --fresh. / Stop: Ctrl-C. Begin anew: --fresh.",
            "",
        ]
    )
