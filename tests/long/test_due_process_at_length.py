"""Due process in random order, twenty-five times as long as in every build."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.story import test_due_process as every_build


@pytest.mark.long
def test_the_process_holds_at_length() -> None:
    """A thousand histories of up to fifty acts keep every invariant."""
    longer = settings(every_build.TestDueProcess.settings, max_examples=1000, stateful_step_count=50)
    run_state_machine_as_test(every_build.DueProcess, settings=longer)
