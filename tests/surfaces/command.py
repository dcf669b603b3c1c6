"""The installed command, run as a shell would run it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

EVENHAND = Path(sys.executable).parent / "evenhand"
STAGE = re.compile(r"^evenhand: .+ \(after \d+ s\)\n", re.MULTILINE)
"""What a command says of itself where it takes longer than a second, as any may on a busy machine."""


def evenhand(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run([EVENHAND, *map(str, arguments)], capture_output=True, text=True, check=False)


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """What a command says on standard error, its stages left out."""
    return STAGE.sub("", done.stderr)


def told(*arguments: object) -> Any:
    """What one command says as JSON."""
    return json.loads(evenhand(*arguments, "--json").stdout)
