#!/usr/bin/env python
"""Django's command line."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["demo"] and not any(word.startswith(("--l", "--only", "-h", "--h")) for word in sys.argv):
        from config.services import load_ahead

        load_ahead({"PHIEN_DEMO": "1"})  # on two cores the first page is there sooner
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
