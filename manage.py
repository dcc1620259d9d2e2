#!/usr/bin/env python
"""Kantama's command line: runs any management command, `manage.py help` lists them."""

import os
import sys
from pathlib import Path


def main() -> None:
    # site/ is a plain folder on the import path: Python's own start-up module owns the name "site".
    sys.path.insert(0, str(Path(__file__).resolve().parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

    from django.core.management import execute_from_command_line

    from base.environment import EnvironmentProblem

    try:
        from django.conf import settings

        settings._setup()
        execute_from_command_line(sys.argv)
    except EnvironmentProblem as problem:
        sys.exit(f"kantama: {problem}")


if __name__ == "__main__":
    main()
