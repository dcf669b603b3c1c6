"""The installed command, run as a shell would run it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

EVENHAND = Path(sys.executable).parent / "evenhand"


def evenhand(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run([EVENHAND, *map(str, arguments)], capture_output=True, text=True, check=False)


def told(*arguments: object) -> Any:
    """What one command says as JSON."""
    return json.loads(evenhand(*arguments, "--json").stdout)
