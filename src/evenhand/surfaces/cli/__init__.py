"""The command line. This file starts fast: each command imports what it needs when it runs."""

from __future__ import annotations

import sys


def main() -> None:
    """Run `evenhand` with the arguments of this process and end it with the documented exit code."""
    from evenhand.surfaces.cli.app import run

    sys.exit(run(sys.argv[1:]))
