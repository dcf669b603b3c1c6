"""Every claim a policy makes has a recorded refusal: `policies/<claim>.yaml` and, beside it, what an author is shown.

To record them anew: `python tests/story/test_policy_refusals.py`, and read the difference.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from evenhand.errors import PolicyRefused
from evenhand.policy import checks
from evenhand.policy.load import load
from evenhand.policy.parse import parse

POLICIES = Path(__file__).parent / "policies"
READER_CLAIMS = {"every_column_exists", "types_fit", "conditions_are_expressions", "keys_are_known", "the_file_is_yaml"}


def shown(path: Path) -> str:
    """All that `path` is told: the reader's refusal, or what each check found."""
    try:
        policy = parse(path.read_text(encoding="utf-8"), file=path.name)
    except PolicyRefused as refusal:
        return f"{refusal}\n"
    found = checks.run(policy)
    refused = "".join(f"refused, {finding.claim}\n{finding}\n" for finding in found.refusals)
    return refused + "".join(f"remark, {finding.claim}\n{finding}\n" for finding in found.remarks)


@pytest.mark.parametrize("path", sorted(POLICIES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_policy_is_refused_as_recorded(path: Path) -> None:
    """What an author is shown is what the recorded text says, word for word."""
    assert shown(path) == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_every_claim_has_a_recorded_refusal() -> None:
    """Each check, and each claim the reader keeps, has its own file, which names it."""
    recorded = {path.stem for path in POLICIES.glob("*.yaml")}
    assert recorded == set(checks.claims()) | READER_CLAIMS
    for claim in checks.claims():
        assert f", {claim}\n" in (POLICIES / f"{claim}.txt").read_text(encoding="utf-8")


def test_what_contradicts_a_claim_refuses_the_policy() -> None:
    """`refuse` raises one error that names every refusal, and is quiet where there are only remarks."""
    two = checks.run(load(POLICIES / "mismatch_never_closes_the_account.yaml"))
    with pytest.raises(PolicyRefused, match=r"2 faults\n(.|\n)*suspend(.|\n)*close") as raised:
        two.refuse()
    assert raised.value.where.endswith("mismatch_never_closes_the_account.yaml:13:5")
    remarked = checks.run(load(POLICIES / "limits_name_their_number.yaml"))
    assert remarked.remarks
    remarked.refuse()


if __name__ == "__main__":
    for recorded_path in POLICIES.glob("*.yaml"):
        recorded_path.with_suffix(".txt").write_text(shown(recorded_path), encoding="utf-8")
