"""What makes tampering evident, and the function by which an outsider verifies an export without the store."""

from evenhand.stores.audit.export import verify_export

__all__ = ["verify_export"]
