"""A program that carries letters and effects out of a house, until none waits or until it kills itself.

    python -m tests.conformance.carrier URL PORT HOOK LETTERS EFFECTS POINT

PORT is that of a mail server, HOOK a receiver of effects; LETTERS and EFFECTS are the times at which each leave. At the
POINT-th call to the database the program kills itself as `kill -9` does; never, if POINT is 0.
"""

from __future__ import annotations

import sys
from datetime import datetime

from evenhand.delivery.smtp import Server, SmtpPostman
from evenhand.delivery.webhook import Webhook
from evenhand.stores.audit.checkpoint import Signer
from evenhand.stores.sql.store import open_store
from evenhand.workflows.deliver_effects import deliver_effects
from evenhand.workflows.send_notices import send_notices
from tests.conformance.duty import office
from tests.conformance.worker import die_at

SECRET = "whsec_YSBzZWNyZXQgb2YgYSB0ZXN0"  # noqa: S105  # between a test and itself


def main() -> None:
    """Carry everything that waits."""
    url, port, hook, letters, effects, point = sys.argv[1:]
    store = open_store(url, signer=Signer.new())
    die_at(store, int(point))
    server = Server(host="127.0.0.1", port=int(port), sender="people@f.example", starttls=False)
    postman = SmtpPostman(server, lambda accounts: {account: f"{account}@members.example" for account in accounts})
    send_notices(office(store), postman, lambda: datetime.fromisoformat(letters))
    deliver_effects(office(store), Webhook(hook, SECRET), lambda: datetime.fromisoformat(effects))
    store.close()


if __name__ == "__main__":
    main()
