"""What makes tampering evident, and the function by which an outsider verifies an export without the store."""

from evenhand.stores.audit.export import verify_export
from evenhand.stores.audit.recompute import recompute

__all__ = ["recompute", "verify_export"]
