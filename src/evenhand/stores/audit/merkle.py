"""The Merkle tree over the whole log, as RFC 6962 section 2.1 defines it, grown from the right without the leaves.

leaf(x)    = sha256(0x00 || x)
node(l, r) = sha256(0x01 || l || r)
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


class Tree:
    """A tree of `size` leaves, held as the roots of its perfect subtrees, the largest first: at most 64 hashes.

    >>> tree = Tree()
    >>> tree.add(b"")
    >>> tree.root().hex()[:16]  # the first test vector of RFC 6962's authors
    '6e340b9cffb37a98'
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        if len(peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks, not {len(peaks)}")
        self.size = size
        self.peaks = list(peaks)

    def add(self, entry: bytes) -> None:
        """Add one leaf on the right."""
        node = hashlib.sha256(b"\x00" + entry).digest()
        grown = self.size
        while grown & 1:
            node = _node(self.peaks.pop(), node)
            grown >>= 1
        self.peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root; of an empty tree, the hash of nothing."""
        if not self.peaks:
            return hashlib.sha256().digest()
        *rest, root = self.peaks
        for peak in reversed(rest):
            root = _node(peak, root)
        return root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
