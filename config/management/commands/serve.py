"""`manage.py serve`: the web server and the worker of an installation, behind nginx, usually started by systemd."""

import argparse
import os
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from config.demo import province
from config.services import Service, Services, Stopped, is_free, server, worker


class Command(BaseCommand):
    help = "Serve this installation: web server and worker, until one of them is told to end."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--listen", default="127.0.0.1", metavar="ADDRESS")
        parser.add_argument("--no-worker", action="store_true", help="the worker runs elsewhere")

    def handle(self, *, port: int, listen: str, no_worker: bool, **_: Any) -> None:
        missing = what_is_missing()
        if missing:
            raise CommandError(
                "This installation is not ready to serve:\n" + "\n".join(f"- {line}" for line in missing)
            )
        if not is_free(listen, port):
            raise CommandError(f"Port {port} at {listen} is in use by another program. Choose another with --port.")
        services: list[Service] = [server(host=listen, port=port)]
        if not no_worker:
            services.append(worker())
        try:
            with Services(services, say=self.stderr.write) as running:
                running.start()
                status = running.watch()
        except Stopped:
            return
        raise CommandError(f"The web server ended with status {status}.")


def what_is_missing() -> list[str]:
    """Name everything at once that keeps this installation from being served, each with what to do."""
    lines = [
        f"{name} is not set: {why}"
        for name, why in (
            ("SECRET_KEY", "50 or more random letters that only this installation knows."),
            ("PHIEN_HOSTS", "the names of this installation, such as phien.example.gov.vn."),
        )
        if not os.environ.get(name, "").strip()
    ]
    if settings.DEMO or settings.DEBUG:
        lines.append("PHIEN_DEMO and PHIEN_DEBUG must not be set.")
    if not settings.STATIC_ROOT.exists():
        lines.append("static files are not collected: run manage.py collectstatic --no-input.")
    connection = connections[DEFAULT_DB_ALIAS]
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        lines.append("the database is not up to date: run manage.py migrate.")
    elif province.is_made():
        lines.append("this database was made by the demo, whose passwords are known: use another one.")
    return lines
