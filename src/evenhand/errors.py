"""The refusals of Evenhand: where, what, what to do.

    EvenhandError
    ├── MarketRefused      the tables cannot be read at all
    ├── PolicyRefused      the policy file does not hold
    ├── LedgerRefused      the ledger file does not hold
    ├── RunRefused         market and policy are well-formed, but this run may not happen
    │   └── TooFew         there is too little to learn from
    ├── ActRefused         this may not happen in this case, now, by this person
    ├── NoticeRefused      a notice would leave out what a member must be told
    ├── AuditFailed        the log is not what was written, or not what it says
    └── StoreRefused       the store cannot be opened, or will not keep this
        └── Outdated       the case has grown since it was read

A refusal knows nothing of exit codes or HTTP; the surfaces translate it.
"""

from __future__ import annotations


class EvenhandError(Exception):
    """A refusal meant for a person: `message` says where and what, `hint` what to do, `code` is stable."""

    code = "evenhand"

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        head = f"{self.where}: {self.message}" if self.where else self.message
        return f"{head}\n  hint: {self.hint}" if self.hint else head


class MarketRefused(EvenhandError):
    """The market's tables cannot be read (a missing file, a truncated Parquet, a required column absent)."""

    code = "market"


class PolicyRefused(EvenhandError):
    """The policy does not hold; `where` is `file:line:column`."""

    code = "policy"


class LedgerRefused(EvenhandError):
    """The ledger does not hold; `where` is `file:line`."""

    code = "ledger"


class RunRefused(EvenhandError):
    """Market and policy are well-formed, but this run may not happen (a clock before the data, a full family)."""

    code = "run"


class TooFew(RunRefused):
    """There is too little to learn from, or to look at."""


class StoreRefused(EvenhandError):
    """The store cannot be opened, or what was to be kept breaks one of its rules."""

    code = "store"


class Outdated(StoreRefused):
    """The case has grown since it was read; read it again and act on what it is now."""

    code = "outdated"


class AuditFailed(EvenhandError):
    """The log was changed, or a decision in it does not follow from what it rests on."""

    code = "audit"


class ActRefused(EvenhandError):
    """An act in a case that may not happen: too early, too late, or by whom it may not be done; `where` is the case."""

    code = "act"


class NoticeRefused(EvenhandError):
    """A notice without facts, rule, automation, duration or redress (R25); `where` is the message."""

    code = "notice"
