"""Daphne as a process of its own, with the tests' database and the tests' streams; prints the port it listens on."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from daphne.server import Server
from twisted.internet import reactor

from config.asgi import application
from tests.realtime.hall import believe_the_hall_only, open_hall


def say_port(server: Server) -> None:
    if not server.listening_addresses:
        reactor.callLater(0.01, say_port, server)
        return
    sys.stdout.write(f"{server.listening_addresses[0][1]}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    open_hall()
    believe_the_hall_only()
    server = Server(application, endpoints=[f"tcp:port={os.environ.get('PORT', '0')}:interface=127.0.0.1"])
    reactor.callWhenRunning(say_port, server)
    server.run()
