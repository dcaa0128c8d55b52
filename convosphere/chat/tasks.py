"""What goes on behind chats."""

from uuid import UUID

from convosphere.chat.service import attachments, conversations, imports, intake, retention, temporary
from convosphere.core.jobs import Patience, jobs


@jobs.task(name=conversations.PURGE_TASK, retry=Patience())
async def purge_conversation(workspace_id: str, conversation_id: str) -> None:
    """Remove a deleted conversation once it can no longer be brought back."""
    await conversations.purge(UUID(workspace_id), UUID(conversation_id))


@jobs.task(name=attachments.PURGE_TASK, retry=Patience())
async def purge_attachment(workspace_id: str, attachment_id: str) -> None:
    """Remove a file that has waited a day for its message."""
    await attachments.purge(UUID(workspace_id), UUID(attachment_id))


@jobs.task(name=imports.READ_TASK, retry=Patience())
async def read_import(workspace_id: str, account_id: str, import_id: str) -> None:
    """Look through a file of conversations."""
    await intake.read_import(UUID(workspace_id), UUID(account_id), UUID(import_id))


@jobs.task(name=imports.TAKE_TASK, retry=Patience())
async def take_in_import(workspace_id: str, account_id: str, import_id: str) -> None:
    """Take in what a file of conversations holds."""
    await intake.take_in_import(UUID(workspace_id), UUID(account_id), UUID(import_id))


@jobs.task(name=imports.PURGE_TASK, retry=Patience())
async def purge_import(workspace_id: str, account_id: str, import_id: str) -> None:
    """Let go of a file of conversations after a day."""
    del account_id
    await imports.purge(UUID(workspace_id), UUID(import_id))


@jobs.periodic(cron="* * * * *")
@jobs.task(name="chat.remove_expired", queueing_lock="chat.remove_expired")
async def remove_expired(timestamp: int) -> None:
    """Remove, every minute, temporary conversations whose time is over."""
    del timestamp
    await temporary.remove_expired()


@jobs.periodic(cron="41 2 * * *")
@jobs.task(name="chat.retire", queueing_lock="chat.retire", retry=Patience())
async def retire(timestamp: int) -> None:
    """Archive or delete, once a day, what nobody has used for as long as the workspace says."""
    del timestamp
    await retention.retire()
