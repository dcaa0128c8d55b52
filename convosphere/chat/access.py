"""Who may do what with a conversation: whoever began it everything, others what they were given.

To `view` is to read, leaf through and copy it; to `use` it, to ask in it as well; to `edit`, to give it another title;
to `manage`, to share it further. Only its owner deletes it.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

OBJECT_TYPE: Final = "conversation"


@dataclass(frozen=True)
class Access:
    """What somebody may do with a conversation that they see; `is_shared`: others see it as well."""

    is_own: bool = True
    can_ask: bool = True
    can_edit: bool = True
    can_share: bool = True
    is_shared: bool = False


OWN: Final = Access()


def change_topic(conversation_id: UUID) -> str:
    """Where is told that somebody asked in a conversation, or that an answer has ended."""
    return f"conversation:{conversation_id}"


def settings_topic(conversation_id: UUID) -> str:
    """Where is told that a model shall answer otherwise in a conversation from now on."""
    return f"settings:{conversation_id}"


def access_topic(conversation_id: UUID) -> str:
    """Where is told that others may see a conversation now, or see it no more."""
    return f"access:{conversation_id}"


def shared_topic(workspace_id: UUID) -> str:
    """Where a workspace is told that somebody shares a conversation, or does no more."""
    return f"shared:{workspace_id}"
