"""What each permission lets somebody do, in a few words."""

from convosphere.core.i18n import Message, t
from convosphere.core.permissions import Permission

SCOPE_NAMES: dict[str, Message] = {
    Permission.AUDIT_READ: t("Read the audit trail"),
    Permission.CONVERSATION_READ: t("Read conversations"),
    Permission.CONVERSATION_WRITE: t("Chat"),
    Permission.DOCUMENT_READ: t("Read documents"),
    Permission.DOCUMENT_WRITE: t("Add documents"),
    Permission.DOCUMENT_SHARE: t("Share documents"),
    Permission.GROUP_MANAGE: t("Manage groups"),
    Permission.PERSON_READ: t("See people"),
    Permission.PERSON_INVITE: t("Invite people"),
    Permission.PERSON_MANAGE: t("Manage people"),
    Permission.ROLE_MANAGE: t("Manage roles"),
    Permission.WORKSPACE_MANAGE: t("Manage the workspace"),
}


def scope_name(permission: str) -> Message:
    """The words for a permission; one that a later release dropped is shown by its name."""
    return SCOPE_NAMES.get(permission) or Message(permission)
