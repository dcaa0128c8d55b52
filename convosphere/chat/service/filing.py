"""Where conversations are kept: pins, archive, tags and folders, of one or many at once.

Pins, archive and tags are each person's own, also of what others share with them; folder and end are the owner's to
decide. Ids for which that is not so are passed over like ids of nothing; where none is left, there is nothing to do.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from uuid import UUID

from convosphere.chat.errors import TooManyTagsError
from convosphere.chat.generations import current_generation_host
from convosphere.chat.queries import filing as filing_queries
from convosphere.chat.queries import folders as folder_queries
from convosphere.chat.queries import generations as generation_queries
from convosphere.chat.queries import rules as rule_queries
from convosphere.chat.queries.filing import TagRow
from convosphere.chat.service.conversations import publish_list, publish_stop, put_away
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.lines import plain_line
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work

MOST_AT_ONCE = 500
LONGEST_TAG = 40
MOST_TAGS = 20
"""Of one conversation."""


async def pin(actor: Actor, conversation_ids: Sequence[UUID], *, is_pinned: bool) -> None:
    """Keep conversations above all others, or no longer."""
    async with _unit(actor) as uow:
        ids = list(await _seen(uow, conversation_ids))
        await filing_queries.set_pinned(uow, ids, is_pinned=is_pinned)
        await publish_filing(uow)


async def archive(actor: Actor, conversation_ids: Sequence[UUID], *, is_archived: bool) -> None:
    """Put conversations out of sight without losing anything, or back."""
    async with _unit(actor) as uow:
        held = await _seen(uow, conversation_ids)
        await filing_queries.set_archived(uow, list(held), is_archived=is_archived)
        if not is_archived:
            own = [each for each, is_own in held.items() if is_own]
            await rule_queries.keep(uow, own)  # Else a rule would put them back at once.
        await publish_filing(uow)


async def put_aside(actor: Actor, conversation_ids: Sequence[UUID]) -> None:
    """Archive conversations that another one was chosen before; what is still being written in them is stopped."""
    async with _unit(actor) as uow:
        ids = await _own(uow, conversation_ids)
        running = [answer for each in ids if (answer := await generation_queries.find_running(uow, each))]
        await filing_queries.set_archived(uow, ids, is_archived=True)
        for message_id in running:
            await publish_stop(uow, message_id)
        await publish_list(uow)
    for message_id in running:
        current_generation_host().stop(message_id)


async def move(actor: Actor, conversation_ids: Sequence[UUID], folder_id: UUID | None) -> None:
    """Put conversations into a folder that the actor may use, or with None out of theirs."""
    async with _unit(actor) as uow:
        ids = await _own(uow, conversation_ids)
        if folder_id:
            await folder_queries.get_folder(uow, folder_id, "use")
        await filing_queries.set_folder(uow, ids, folder_id)
        await publish_filing(uow)


async def tag(
    actor: Actor, conversation_ids: Sequence[UUID], *, add: Sequence[str] = (), remove: Sequence[str] = ()
) -> None:
    """Give conversations tags and take others away.

    Raises:
        InvalidInputError: a tag is empty or too long.
        TooManyTagsError: a conversation would have more than it may.
    """
    added = [checked_tag(name) for name in add]
    async with _unit(actor) as uow:
        ids = list(await _seen(uow, conversation_ids))
        await filing_queries.remove_tags(uow, ids, [checked_tag(name) for name in remove])
        await filing_queries.add_tags(uow, ids, added)
        if await filing_queries.most_tags(uow, ids) > MOST_TAGS:
            raise TooManyTagsError
        await publish_filing(uow)


async def list_tags(actor: Actor, about: Sequence[UUID] = ()) -> list[TagRow]:
    """The actor's tags with how many conversations have each, and how many `about` which is asked."""
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        return await filing_queries.list_tags(uow, about)


async def delete_many(actor: Actor, conversation_ids: Sequence[UUID]) -> list[UUID]:
    """Put conversations away as `conversations.delete` does; gives those that were there, to bring them back."""
    async with _unit(actor) as uow:
        ids = await _own(uow, conversation_ids)
        for conversation_id in ids:
            await put_away(uow, conversation_id)
        await publish_filing(uow)
    return ids


def filing_topic(actor: Actor) -> str:
    """The topic on which changes of an actor's folders and tags are told."""
    return f"filing:{actor.account_id}"


async def publish_filing(uow: UnitOfWork) -> None:
    """Tell the actor's tabs that their list of conversations has changed, with folders and tags."""
    await publish_list(uow)
    await uow.publish(filing_topic(uow.actor))


def checked_tag(name: str) -> str:
    """A tag as it is kept: in small letters, without a hash before it.

    Raises:
        InvalidInputError: nothing is left, or it is too long.
    """
    name = plain_line(name).lstrip("# ").casefold()
    if not name or len(name) > LONGEST_TAG:
        raise InvalidInputError(t("A tag has between 1 and {count} characters.", count=LONGEST_TAG))
    return name


def _unit(actor: Actor) -> AbstractAsyncContextManager[UnitOfWork]:
    require(actor, Permission.CONVERSATION_WRITE)
    return unit_of_work(actor)


async def _own(uow: UnitOfWork, conversation_ids: Sequence[UUID]) -> list[UUID]:
    """Those that the actor has, held until the unit ends, in one order for all.

    Raises:
        NotFoundError: none of them is the actor's.
    """
    ids = await filing_queries.hold_own(uow, _counted(conversation_ids))
    if not ids:
        raise NotFoundError
    return ids


async def _seen(uow: UnitOfWork, conversation_ids: Sequence[UUID]) -> dict[UUID, bool]:
    """Those that the actor sees, and whether they are theirs; held like `_own`.

    Raises:
        NotFoundError: the actor sees none of them.
    """
    held = await filing_queries.hold_seen(uow, _counted(conversation_ids))
    if not held:
        raise NotFoundError
    return held


def _counted(conversation_ids: Sequence[UUID]) -> Sequence[UUID]:
    if len(conversation_ids) > MOST_AT_ONCE:
        raise InvalidInputError(t("Please select at most {count} conversations at once.", count=MOST_AT_ONCE))
    return conversation_ids
