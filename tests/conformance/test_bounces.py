"""Reports of mail servers as they are: which letter came back, and what is no report of one."""

from __future__ import annotations

import pytest

from evenhand.delivery.bounces import read_bounce
from evenhand.errors import RunRefused

NAME = "mismatch-d59122ce7405b274/4/warning"

POSTFIX = f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.f.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: people@f.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B1"

--B1
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.f.example.

--B1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.f.example
X-Postfix-Queue-ID: 4Xy0
Arrival-Date: Mon,  1 Mar 2027 09:00:00 +0000 (UTC)

Final-Recipient: rfc822; ana@nowhere.example
Original-Recipient: rfc822;ana@nowhere.example
Action: {{action}}
Status: {{status}}
Remote-MTA: dns; mx.nowhere.example
Diagnostic-Code: smtp; 550 5.1.1 <ana@nowhere.example>: Recipient address rejected

--B1
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: Fairlance <people@f.example>
To: ana@nowhere.example
Message-ID: <{NAME}@f.example>
Subject: A warning
Content-Type: text/plain

Hello

--B1--
"""

EXIM = f"""\
From: Mail Delivery System <Mailer-Daemon@mx.f.example>
References: <{NAME}@f.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=1614589200-eximdsn-1804289383

--1614589200-eximdsn-1804289383
Content-type: text/plain; charset=us-ascii

A message that you sent could not be delivered to one or more of its recipients.

--1614589200-eximdsn-1804289383
Content-type: message/delivery-status

Reporting-MTA: dns; mx.f.example

Action: failed
Final-Recipient: rfc822;ana@nowhere.example
Status: 5.0.0

--1614589200-eximdsn-1804289383
Content-type: message/rfc822

Return-path: <people@f.example>
From: people@f.example
Message-ID: <{NAME}@f.example>

--1614589200-eximdsn-1804289383--
"""

EXCHANGE = f"""\
From: <postmaster@tenant.example>
In-Reply-To: <{NAME}@f.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="_000_f.example_"

--_000_f.example_
Content-Type: multipart/alternative; boundary="_001_"

--_001_
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Your message couldn't be delivered.=20

--_001_
Content-Type: text/html; charset="us-ascii"

<p>Your message couldn't be delivered.</p>

--_001_--

--_000_f.example_
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR01MB.tenant.example
Received-From-MTA: dns;mx.f.example
Arrival-Date: Mon, 1 Mar 2027 09:00:02 +0000

Final-Recipient: rfc822;ana@tenant.example
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup

--_000_f.example_
Content-Type: text/rfc822-headers

From: Fairlance <people@f.example>
Message-ID:
\t<{NAME}@f.example>

--_000_f.example_--
"""


def postfix(action: str, status: str) -> str:
    """A report of Postfix."""
    return POSTFIX.format(action=action, status=status)


@pytest.mark.parametrize(
    ("report", "status"), [(postfix("failed", "5.1.1"), "5.1.1"), (EXIM, "5.0.0"), (EXCHANGE, "5.1.10")]
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_letter_that_came_back_is_found(report: str, status: str, ending: str) -> None:
    """By the returned letter, its headers alone or a reference, as Postfix, Exim and Exchange write them."""
    found = read_bounce(report.replace("\n", ending).encode())
    assert found is not None
    assert (found.message, found.status) == (NAME, status)


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("delivered", "2.0.0"), ("relayed", "2.0.0")])
def test_what_only_tells_of_the_way_is_no_bounce(action: str, status: str) -> None:
    """A delay and a success are no failure."""
    assert read_bounce(postfix(action, status).encode()) is None


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\x00\xff\xfe no mail at all",
        b"From: ana@f.example\nSubject: I am ill\n\nUntil Monday\n",
        f"From: ana@f.example\nIn-Reply-To: <{NAME}@f.example>\nSubject: Re: A warning\n\nNo!\n".encode(),
        postfix("failed", "5.1.1").replace(NAME, "20270301.1234").encode(),
        b"Content-Type: multipart/report; report-type=delivery-status\n\nno parts\n",
    ],
)
def test_a_mail_that_is_no_such_report_is_refused(mail: bytes) -> None:
    """Nothing, noise, a vacation, an answer of the member, a report of another house's mail."""
    with pytest.raises(RunRefused, match="no report of a letter of ours"):
        read_bounce(mail)
