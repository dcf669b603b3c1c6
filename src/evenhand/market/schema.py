"""The twelve tables a marketplace gives, as data: their names, what their cells mean, what their absence costs.

Every other part that speaks of a column (admission, `check`, the manual) reads it from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from evenhand.market.table import MAX_WEIGHT, MOST, RECORDED_AT, Column, Table

_CURRENCY: Final = Column(
    name="currency", type="text", doc="Currency of the money beside it; nothing means USD, anything else is refused."
)


def _account(name: str, doc: str) -> Column:
    return Column(name=name, type="identifier", doc=doc, required=True, references="accounts")


def _key(name: str, doc: str) -> Column:
    return Column(name=name, type="identifier", doc=doc, required=True)


_ACCOUNTS: Final = Table(
    name="accounts",
    doc="Everybody who may propose, hire or be an agency.",
    key=("account_id",),
    required=True,
    columns=(
        _key("account_id", "The account."),
        Column(
            name="role",
            type="word",
            doc="What it registered as.",
            required=True,
            words=("freelancer", "agency", "client"),
        ),
        Column(name="registered_at", type="time", doc="When it registered.", required=True),
        Column(
            name="agency_id",
            type="identifier",
            doc="Name of its agency; accounts of one agency are one unit on a job.",
            without="accounts of one agency are reckoned as if they competed with each other",
        ),
        Column(
            name="country",
            type="text",
            doc="ISO 3166-1 alpha-2.",
            without="no figures by country, and no guard that compares countries",
        ),
        Column(
            name="category", type="text", doc="Category of work it names.", without="no figures by category of account"
        ),
        Column(name="language", type="text", doc="BCP 47.", without="notices are written in the default language"),
        Column(
            name="closed_at",
            type="time",
            doc="When it was closed.",
            without="closed accounts are measured like open ones, and returns cannot be found",
        ),
        Column(
            name="closed_reason",
            type="text",
            doc="Why it was closed.",
            without="accounts closed by the platform look like those that left",
        ),
        RECORDED_AT,
    ),
)

_JOBS: Final = Table(
    name="jobs",
    doc="The work offered.",
    key=("job_id",),
    required=True,
    columns=(
        _key("job_id", "The job."),
        _account("client_id", "The account that offers it."),
        Column(name="posted_at", type="time", doc="When it was posted.", required=True),
        Column(
            name="closed_at",
            type="time",
            doc="When it ended; nothing: still open.",
            not_before="posted_at",
            without="no job ever settles, so nothing counts for or against anyone",
        ),
        Column(
            name="outcome",
            type="word",
            doc="How it ended; nothing: still open.",
            words=("hired", "unfilled", "cancelled", "removed"),
            without="cancelled and removed jobs cannot be told apart and count like others",
        ),
        Column(name="category", type="text", doc="Category of work.", without="no figures by category of job"),
        Column(
            name="budget_usd",
            type="number",
            doc="Budget in US dollars.",
            money=True,
            low=-MOST,
            high=MOST,
            without="fitted fair shares do not know the size of a job",
        ),
        _CURRENCY,
        Column(
            name="experience",
            type="word",
            doc="Experience asked for.",
            words=("entry", "intermediate", "expert"),
            without="fitted fair shares do not know the experience asked for",
        ),
        RECORDED_AT,
    ),
)

_PROPOSALS: Final = Table(
    name="proposals",
    doc="Who asked for which job.",
    key=("proposal_id",),
    required=True,
    columns=(
        _key("proposal_id", "The proposal."),
        Column(
            name="job_id",
            type="identifier",
            doc="The job asked for.",
            required=True,
            references="jobs",
        ),
        _account("account_id", "The account that asks."),
        Column(name="submitted_at", type="time", doc="When it was submitted.", required=True),
        Column(
            name="bid_usd",
            type="number",
            doc="Price asked, in US dollars.",
            money=True,
            low=-MOST,
            high=MOST,
            without="fitted fair shares do not know the price asked",
        ),
        _CURRENCY,
        Column(
            name="withdrawn_at",
            type="time",
            doc="When it was withdrawn.",
            without="losses on withdrawn proposals count against the account",
        ),
        Column(
            name="viewed_at",
            type="time",
            doc="When the client first viewed it.",
            without="every loss counts, also on proposals that no client saw",
        ),
        Column(
            name="shown_rank",
            type="whole",
            doc="Place in the client's list; 1 is the top.",
            low=1.0,
            high=float(2**31 - 1),
            without="fitted fair shares do not know what the platform's own ranking did",
        ),
        Column(
            name="interviewed_at",
            type="time",
            doc="When the client shortlisted it.",
            without="hires alone are evidence, so more of them are needed to see the same",
        ),
        Column(
            name="credits",
            type="number",
            doc="What was paid to propose.",
            without="no figures on what members spent in vain",
        ),
        Column(
            name="invited",
            type="boolean",
            doc="Whether the client invited it.",
            without="fitted fair shares do not know who was invited",
        ),
        Column(
            name="weight",
            type="weight",
            doc="Fair weight in the field, as it stood before the first hire; nothing means 1.",
            low=0.0,
            high=float(MAX_WEIGHT),
            without="every proposal on a job has the same fair share",
        ),
        RECORDED_AT,
    ),
)

_CONTRACTS: Final = Table(
    name="contracts",
    doc="Who was hired.",
    key=("contract_id",),
    required=True,
    columns=(
        _key("contract_id", "The contract."),
        Column(
            name="job_id",
            type="identifier",
            doc="The job it came from.",
            references="jobs",
            without="no win can be seen, so no measure may follow",
        ),
        _account("account_id", "The account hired."),
        _account("client_id", "The account that hires."),
        Column(name="started_at", type="time", doc="When it started.", required=True),
        Column(
            name="ended_at",
            type="time",
            doc="When it ended; nothing: it runs.",
            not_before="started_at",
            without="long running work cannot exempt anyone",
        ),
        Column(
            name="value_usd",
            type="number",
            doc="Value in US dollars.",
            money=True,
            low=-MOST,
            high=MOST,
            without="earnings are known from payments only",
        ),
        _CURRENCY,
        Column(
            name="outcome",
            type="word",
            doc="How it went; nothing: running or unknown.",
            words=("success", "neutral", "failure"),
            without="no figures on how contracts went",
        ),
        RECORDED_AT,
    ),
)

_PAYMENTS: Final = Table(
    name="payments",
    doc="What was paid under which contract.",
    key=("payment_id",),
    without="earnings are taken from the value of contracts, and hours exempt nobody",
    columns=(
        _key("payment_id", "The payment."),
        Column(
            name="contract_id",
            type="identifier",
            doc="The contract paid under.",
            required=True,
            references="contracts",
        ),
        Column(name="paid_at", type="time", doc="When it was paid.", required=True),
        Column(
            name="amount_usd",
            type="number",
            doc="Amount in US dollars.",
            required=True,
            money=True,
            low=-MOST,
            high=MOST,
        ),
        _CURRENCY,
        Column(name="hours", type="number", doc="Hours paid for.", low=-MOST, high=MOST, without="hours exempt nobody"),
        RECORDED_AT,
    ),
)

_FEEDBACK: Final = Table(
    name="feedback",
    doc="What both sides said of a contract.",
    key=("contract_id", "by"),
    without="no figures on satisfaction",
    columns=(
        Column(
            name="contract_id",
            type="identifier",
            doc="The contract.",
            required=True,
            references="contracts",
        ),
        Column(name="by", type="word", doc="Who gives it.", required=True, words=("client", "freelancer")),
        Column(name="given_at", type="time", doc="When it was given.", required=True),
        Column(name="stars", type="number", doc="1.0 to 5.0.", required=True, low=1.0, high=5.0),
        Column(
            name="private",
            type="boolean",
            doc="Whether it was not published.",
            without="private feedback is taken for public",
        ),
        RECORDED_AT,
    ),
)

_MESSAGES: Final = Table(
    name="messages",
    doc="What accounts wrote to each other.",
    key=("message_id",),
    without="work taken off the platform cannot be looked for",
    columns=(
        _key("message_id", "The message."),
        _account("sender_id", "Who wrote it."),
        _account("recipient_id", "To whom."),
        Column(name="sent_at", type="time", doc="When it was sent.", required=True),
        Column(name="text", type="text", doc="What it says.", required=True),
        Column(
            name="job_id",
            type="identifier",
            doc="The job it is about.",
            references="jobs",
            without="messages cannot be laid beside the job they speak of",
        ),
        Column(
            name="thread_id",
            type="identifier",
            doc="The conversation it belongs to.",
            without="messages of one pair are taken for one conversation",
        ),
        RECORDED_AT,
    ),
)

_IDENTITIES: Final = Table(
    name="identities",
    doc="Who stands behind an account; several rows per account are fine.",
    key=(),
    without="returns after a closure cannot be looked for by name or document",
    columns=(
        _account("account_id", "The account."),
        *(
            Column(name=name, type="text", doc=doc, without=f"linkage does not compare {what}")
            for name, doc, what in (
                ("name", "Name.", "names"),
                ("email", "Mail address.", "mail addresses"),
                ("phone", "Telephone number.", "telephone numbers"),
                ("birth_date", "Date of birth, kept as written.", "dates of birth"),
                ("address", "Postal address.", "postal addresses"),
                ("document_hash", "Hash of an identity document.", "documents"),
                ("payout_hash", "Hash of the account paid out to.", "payout accounts"),
            )
        ),
        RECORDED_AT,
    ),
)

_DEVICES: Final = Table(
    name="devices",
    doc="What an account was used from.",
    key=(),
    without="returns after a closure cannot be looked for by device",
    columns=(
        _account("account_id", "The account."),
        Column(name="device_id", type="identifier", doc="The device.", required=True),
        Column(name="first_seen_at", type="time", doc="When it was first seen.", required=True),
        Column(
            name="last_seen_at",
            type="time",
            doc="When it was last seen.",
            without="devices handed on cannot be told from devices shared",
        ),
        Column(name="network", type="text", doc="Network it came from.", without="linkage does not compare networks"),
        RECORDED_AT,
    ),
)

_BREAKS: Final = Table(
    name="breaks",
    doc="When an account said it would not work.",
    key=(),
    without="declared breaks exempt nobody",
    columns=(
        _account("account_id", "The account."),
        Column(name="from", type="time", doc="First moment of the break.", required=True),
        Column(
            name="until",
            type="time",
            doc="Last moment; nothing: open end.",
            not_before="from",
            event=False,
            without="every declared break lasts for ever",
        ),
        Column(
            name="kind",
            type="word",
            doc="Why.",
            words=("break", "illness", "care", "declared"),
            without="no figures by kind of break",
        ),
        RECORDED_AT,
    ),
)

_INCIDENTS: Final = Table(
    name="incidents",
    doc="What somebody saw an account do against the rules, a row per incident.",
    key=("incident_id",),
    without="misconduct that leaves no trace in messages, such as pay taken elsewhere, cannot be put to anybody",
    columns=(
        _key("incident_id", "The incident."),
        _account("account_id", "Who is said to have done it."),
        Column(
            name="kind",
            type="word",
            doc="What it is.",
            required=True,
            words=("contact_offered", "paid_outside", "used_by_another"),
        ),
        Column(name="happened_at", type="time", doc="When it happened.", required=True),
        Column(name="seen_by", type="text", doc="Who saw it: a person or a document.", required=True),
        Column(name="what", type="text", doc="What was seen, in a sentence that the member may read.", required=True),
        Column(
            name="source",
            type="text",
            doc="Where it is on record, such as a complaint and its number.",
            without="the source of an incident is told as `a report`",
        ),
        Column(
            name="other_id",
            type="identifier",
            doc="The other party.",
            references="accounts",
            without="how many others an account did it with is not known, and the 24 months between two cannot end",
        ),
        Column(
            name="offered_by",
            type="identifier",
            doc="Which side offered the contact detail.",
            references="accounts",
            without="an offered contact detail is held against nobody",
        ),
        RECORDED_AT,
    ),
)

_PROFILES: Final = Table(
    name="profiles",
    doc="What accounts write of themselves, a row per text.",
    key=("text_id",),
    without="contact details in profiles cannot be looked for",
    columns=(
        _key("text_id", "The text."),
        _account("account_id", "Whose profile it stands in."),
        Column(name="published_at", type="time", doc="When it was published.", required=True),
        Column(name="text", type="text", doc="What it says.", required=True),
        Column(
            name="removed_at",
            type="time",
            doc="When it was taken down or replaced; nothing: it stands.",
            not_before="published_at",
            without="every text ever published stands for ever",
        ),
        RECORDED_AT,
    ),
)

TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {
        table.name: table
        for table in (
            _ACCOUNTS,
            _JOBS,
            _PROPOSALS,
            _CONTRACTS,
            _PAYMENTS,
            _FEEDBACK,
            _MESSAGES,
            _IDENTITIES,
            _DEVICES,
            _BREAKS,
            _INCIDENTS,
            _PROFILES,
        )
    }
)
"""All twelve, each after the tables it refers to."""
