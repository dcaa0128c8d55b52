"""What goes on behind chats."""

from uuid import UUID

from convosphere.chat.service import attachments, conversations
from convosphere.core.jobs import Patience, jobs


@jobs.task(name=conversations.PURGE_TASK, retry=Patience())
async def purge_conversation(workspace_id: str, conversation_id: str) -> None:
    """Remove a deleted conversation once it can no longer be brought back."""
    await conversations.purge(UUID(workspace_id), UUID(conversation_id))


@jobs.task(name=attachments.PURGE_TASK, retry=Patience())
async def purge_attachment(workspace_id: str, attachment_id: str) -> None:
    """Remove a file that has waited a day for its message."""
    await attachments.purge(UUID(workspace_id), UUID(attachment_id))
