"""An answer as a document."""

from collections.abc import AsyncIterator
from uuid import UUID

from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.queries import messages as message_queries
from convosphere.core.authorization import require
from convosphere.core.errors import NotFoundError
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files.names import clean_name
from convosphere.knowledge.service import uploads

LONGEST_NAME = 100


async def save_answer(actor: Actor, message_id: UUID) -> str:
    """Keep an answer as a Markdown document of the actor, named after its conversation; gives its name.

    Raises:
        NotFoundError: the actor sees no such answer, or it is empty.
        QuotaExceededError, StorageFullError: as uploads are refused.
    """
    require(actor, Permission.CONVERSATION_READ)
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        conversation_id, message = await message_queries.get_message(uow, message_id)
        title = (await conversation_queries.get_conversation(uow, conversation_id, "view")).title
    if message.role != "assistant" or not message.text.strip():
        raise NotFoundError
    data = f"# {title}\n\n{message.text}\n".encode()
    stem = clean_name(title.replace("/", " "))[:LONGEST_NAME].strip(". ") or "chat"
    saved = await uploads.upload(
        actor, _whole(data), size=len(data), name=f"{stem}.md", folder_path="", is_shared=False, if_named_alike="keep"
    )
    return saved.name


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data
