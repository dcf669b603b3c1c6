"""The log can be recomputed by anybody: these checks read the export with nothing but sha256 and Ed25519."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from evenhand.conformance.store.course import (
    BEGAN,
    WORDS,
    closing,
    entry,
    head,
    hold,
    imposed_case,
    opening,
    refused,
    same,
    with_people,
)
from evenhand.conformance.store.documents import POLICY
from evenhand.decisions.case.entry import SEALED, Moves
from evenhand.errors import StoreRefused
from evenhand.ports import Store


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root as RFC 6962 section 2.1 defines it, word for word: slow, and the judge of the fast one."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + merkle_root(leaves[:split]) + merkle_root(leaves[split:])).digest()


def recompute(exported: Sequence[str]) -> int:
    """Recompute every link, root and signature of an export; how many checkpoints there were.

    Raises `StoreFails` where one does not hold.
    """
    tails: dict[str, bytes] = {}
    leaves: list[bytes] = []
    previous, signed = "0" * 64, 0
    rules = [bytes(32)]
    for line in exported:
        item: dict[str, Any] = json.loads(line)
        if "entry" in item:
            kept = item["entry"]
            text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            link = hashlib.sha256(tails.get(kept["case_id"], bytes(32)) + text).digest()
            same(item["hash"], link.hex(), f"hash of {kept['case_id']}/{kept['number']}")
            tails[kept["case_id"]] = link
            leaves.append(link)
        elif "policy" in item:
            text = json.dumps(item["policy"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            rules.append(hashlib.sha256(rules[-1] + text).digest())
            same((item["number"], item["hash"]), (len(rules) - 1, rules[-1].hex()), "place and hash of a policy")
        else:
            made = item["checkpoint"]
            same(made["policies_hash"], rules[made["policies"]].hex(), "hash of the policies")
            same((made["size"], made["root"]), (len(leaves), merkle_root(leaves).hex()), "size and root")
            same(made["previous"], previous, "link to the checkpoint before")
            text = _statement(made)
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(made["key"])).verify(
                bytes.fromhex(made["signature"]), text
            )
            previous, signed = hashlib.sha256(text).hexdigest(), signed + 1
    return signed


def _statement(made: dict[str, Any]) -> bytes:
    head = f"evenhand checkpoint {made['number']}\n"
    names = ("at", "size", "upto", "root", "policies", "policies_hash", "previous", "key")
    return (head + "".join(f"{name} {made[name]}\n" for name in names)).encode()


def the_export_can_be_recomputed(store: Store) -> None:
    """Every hash of every case, every root and every signature, whatever the number of entries between checkpoints."""
    with_people(store, "ana")
    sizes: list[int] = []
    for n in range(12):
        imposed_case(store, f"c{n}", f"m{n}")
        if n % 5 == 2:
            store.put_policy(replace(POLICY, hash=f"{n:064}", version=f"2026-{n}"))
        if n % 3 != 1:
            sizes.append(store.checkpoint(BEGAN + timedelta(days=n)).size)
    same(recompute(list(store.export())), len(sizes), "checkpoints of the export")
    same([made.size for made in store.checkpoints()], sizes, "sizes of the checkpoints")
    audit = store.verify()
    same((audit.entries, audit.cases, audit.covered, audit.findings), (48, 12, sizes[-1], ()), "what verifying says")


def nothing_new_is_not_signed_again(store: Store) -> None:
    """A checkpoint of the same log is the same checkpoint; of an empty one, it says so."""
    empty = store.checkpoint(BEGAN)
    same((empty.number, empty.size), (1, 0), "a checkpoint of nothing")
    same(store.checkpoint(BEGAN + timedelta(days=1)), empty, "a checkpoint of nothing new")
    store.append(opening("c1", "m"), head=head("c1", "m"))
    same(store.checkpoint(BEGAN + timedelta(days=1)).number, 2, "a checkpoint of something new")
    store.put_policy(POLICY)
    same(store.checkpoint(BEGAN + timedelta(days=1)).policies, 1, "a checkpoint of a new policy")


def foreign_keys_are_found(store: Store) -> None:
    """Who knows the key that should have signed learns of any other."""
    store.append(opening("c1", "m"), head=head("c1", "m"))
    key = store.checkpoint(BEGAN).key
    same((store.verify([key]).findings, store.verify().keys), ((), {key}), "with the right key")
    same(len(store.verify(["00" * 32]).findings), 1, "findings with another key")


def what_is_sealed_is_in_no_export(store: Store) -> None:
    """Personal fields leave the house as ciphertext alone, and no two of them alike."""
    with_people(store, "ana")
    imposed_case(store, "c1", "m1")
    imposed_case(store, "c2", "m2")
    kept = [json.loads(line)["entry"] for line in store.export()]
    sealed = [json.dumps(value) for of in kept for name, value in of["body"].items() if name in SEALED[of["kind"]]]
    hold(len(sealed) == len(set(sealed)) > 0, "two sealed fields are alike, or there is none")
    hold(not any(json.dumps(WORDS)[1:-1] in text for text in sealed), "a personal field can be read in the export")


def an_erased_account_cannot_be_read(store: Store) -> None:
    """Its sealed fields, notices and files are gone, everybody else's are not, and every hash still holds."""
    with_people(store, "ana")
    imposed_case(store, "c1", "m")
    imposed_case(store, "c2", "n")
    file = store.attach("m", b"a photograph", "image/png", BEGAN)
    signed = store.checkpoint(BEGAN)
    refused(lambda: store.erase("m", BEGAN), StoreRefused, "erasing before the last message is settled")
    for sent in (*store.messages("c1"), *store.messages("c2")):
        store.settle_message(sent.message.id, BEGAN, "accepted")
    exported = list(store.export())
    store.erase("m", BEGAN)
    same((store.read("c1")[1].body["items"], store.read("c1")[2].body["reason"]), (None, None), "erased fields")
    same(store.read("c1")[1].body["step"], "limit", "a field that is not personal")
    same(store.read("c2")[1].body["items"], [WORDS], "a field of somebody else")
    same([sent.message.notice for sent in store.messages("c1")], [{}, {}], "erased notices")
    same(store.attachment("m", file), None, "an erased file")
    same((list(store.export()), store.verify().findings), (exported, ()), "the log after erasing")
    same(store.checkpoint(BEGAN), signed, "the checkpoint after erasing")


def nothing_personal_is_kept_of_an_erased_account(store: Store) -> None:
    """What is not personal may still be added to its cases; a text, a notice or a file may not."""
    with_people(store, "ana")
    store.append(opening("c1", "m"), head=head("c1", "m"))
    store.settle_message("c1/2/hearing", BEGAN, "failed")
    store.erase("m", BEGAN)
    plain = Moves(entries=(entry("c1", 3, "unanswered", "clock", of=2),))
    store.append(plain, head=head("c1", "m"))
    refused(lambda: store.append(closing("c1", 4), head=head("c1", "m")), StoreRefused, "a personal field")
    refused(lambda: store.attach("m", b"x", "text/plain", BEGAN), StoreRefused, "a file of an erased account")
    to_erased = replace(opening("c2", "n"), messages=opening("c2", "m").messages)
    refused(lambda: store.append(to_erased, head=head("c2", "n")), StoreRefused, "a notice to an erased account")


CHECKS: Final[Sequence[Callable[[Store], None]]] = (
    the_export_can_be_recomputed,
    nothing_new_is_not_signed_again,
    foreign_keys_are_found,
    what_is_sealed_is_in_no_export,
    an_erased_account_cannot_be_read,
    nothing_personal_is_kept_of_an_erased_account,
)
