"""Links that open a conversation: for people of the workspace, or, where its administrators allow that, for anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from convosphere.chat.access import access_topic
from convosphere.chat.attachments import attached_files
from convosphere.chat.errors import AnswerRunningError
from convosphere.chat.queries import branches as branch_queries
from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.queries import generations as generation_queries
from convosphere.chat.queries import links as queries
from convosphere.chat.queries.links import LinkRow, OpenLink
from convosphere.chat.queries.windows import find_page_end
from convosphere.chat.schemas import MessageView
from convosphere.chat.service.branches import copy_title
from convosphere.chat.service.conversations import publish_list
from convosphere.chat.service.sharing import get_shareable
from convosphere.core.audit.actions import CONVERSATION_LINK_MADE, CONVERSATION_LINK_REVOKED
from convosphere.core.audit.facts import LinkFacts
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError, NotFoundError, SignInRequiredError
from convosphere.core.i18n import t
from convosphere.core.identifiers import hash_token, new_id, new_token
from convosphere.core.page_routes import SHARED
from convosphere.core.permissions import ANONYMOUS, Actor, Permission
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity import limits
from convosphere.identity.errors import LinksForAnybodyError
from convosphere.identity.queries import link_rules as rules
from convosphere.identity.service.link_rules import MOST_LINKS, Scope, checked_scope, expiry_of

PAGE_SIZE = 20
MOST_SHOWN = 100
"""Messages on the page of a link at once: a window that moves as somebody reads on."""


@dataclass(frozen=True)
class Links:
    """The links of a conversation, and whether there may be ones for anybody."""

    rows: Sequence[LinkRow]
    allows_anyone: bool


@dataclass(frozen=True)
class LinkedMessage:
    """A message as a link shows it: without ids, sources and files, of which it only says how many came with it."""

    role: str
    status: str
    text: str
    speaker: str
    author: str
    files: int


@dataclass(frozen=True)
class LinkedPage:
    """What a link opens. Names of people are there only for people of the workspace.

    `ids` of the messages say when they were written: they stay on the server.
    """

    conversation_id: UUID
    workspace_id: UUID
    title: str
    made_by: str
    messages: tuple[LinkedMessage, ...]
    ids: tuple[UUID, ...]
    has_earlier: bool
    has_later: bool
    is_live: bool
    can_copy: bool


async def list_links(actor: Actor, conversation_id: UUID) -> Links:
    """The links of a conversation that the actor may share; what is secret in them nobody knows any more."""
    require(actor, Permission.CONVERSATION_SHARE)
    async with unit_of_work(actor) as uow:
        await conversation_queries.get_conversation(uow, conversation_id, "manage")
        rows = await queries.list_links(uow, conversation_id, MOST_LINKS)
        return Links(rows, await rules.allows_anyone(uow))


async def make_link(
    actor: Actor, conversation_id: UUID, scope: str, *, is_live: bool, days: int | None = None
) -> str:  # fmt: skip
    """Make a link that works for so many days, or until it is revoked; gives its address, which nobody can read again.

    A live one shows what its maker would see, any other what there is now.

    Raises:
        InvalidInputError: the scope, the days or the number of links is none that is allowed.
        LinksForAnybodyError: the workspace has no links for anybody.
        AnswerRunningError: an answer is being written, of which it would show a part.
        NotFoundError: the actor may not share such a conversation, or nothing was said in it.
    """
    require(actor, Permission.CONVERSATION_SHARE)
    known, expires_at = checked_scope(scope), expiry_of(days)
    token = new_token()
    async with unit_of_work(actor) as uow:
        await get_shareable(uow, conversation_id)
        await _check(uow, conversation_id, known)
        leaf_id = None if is_live else await _end(uow, conversation_id)
        queries.add_link(
            uow, new_id(), conversation_id, hash_token(token), scope=known, leaf_id=leaf_id, expires_at=expires_at
        )
        facts = LinkFacts(shared_with=known, days=days) if days else LinkFacts(shared_with=known)
        uow.record(CONVERSATION_LINK_MADE, conversation_id, after=facts)
    return f"{get_settings().address}{SHARED}?token={token}"


async def revoke_link(actor: Actor, link_id: UUID) -> None:
    """Let a link open nothing any more; pages that it has opened are closed.

    Raises:
        NotFoundError: the actor may not share what it leads to.
    """
    require(actor, Permission.CONVERSATION_SHARE)
    async with unit_of_work(actor) as uow:
        conversation_id = await queries.get_conversation_of(uow, link_id)
        await conversation_queries.get_conversation(uow, conversation_id, "manage", lock=True, deleted=None)
        queries.revoke(uow, link_id)
        uow.record(CONVERSATION_LINK_REVOKED, conversation_id)
        await uow.publish(access_topic(conversation_id))


async def open_link(
    actor: Actor, token: str, address: str, *, size: int = PAGE_SIZE, end: UUID | None = None, steps: int = 0
) -> LinkedPage:
    """What a link opens for somebody who comes from an address: a window of its messages.

    That ends so many `steps` after the message `end`, or with the latest one where `end` is none of those it shows.

    Raises:
        NotFoundError: there is no such link, or it works no more, or not for them.
        SignInRequiredError: it is for people of the workspace, and nobody is signed in.
        TooManyRequestsError: too many links were tried that open nothing.
    """
    visitor, link_id = await _enter(actor, token, address)
    async with unit_of_work(visitor) as uow:
        link = await _open(uow, actor, link_id)
        leaf_id = await queries.get_leaf(uow, link)
        found = await find_page_end(uow, link.conversation_id, leaf_id, end, steps) if leaf_id and end else None
        last = found.id if found else leaf_id
        messages = await branch_queries.list_shown(uow, link.conversation_id, last, min(size, MOST_SHOWN))
    is_inside = link.scope == "workspace"
    return LinkedPage(
        link.conversation_id,
        uow.workspace_id,
        link.title,
        link.made_by if is_inside else "",
        tuple(_shown(message, names_people=is_inside) for message in messages),
        tuple(message.id for message in messages),
        has_earlier=bool(messages) and messages[0].parent_id is not None,
        has_later=found is not None and found.has_later,
        is_live=link.leaf_id is None,
        can_copy=actor.workspace_id == visitor.workspace_id and actor.may(Permission.CONVERSATION_WRITE),
    )


async def copy_linked(actor: Actor, token: str, address: str) -> UUID:
    """Begin a conversation of one's own with copies of what a link shows; the id of that.

    Raises:
        NotFoundError: the link opens nothing for the actor, or leads into another workspace.
        AnswerRunningError: an answer is being written.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    visitor, link_id = await _enter(actor, token, address)
    if visitor is not actor:
        raise NotFoundError
    copy_id = new_id()
    async with unit_of_work(actor) as uow:
        link = await _open(uow, actor, link_id)
        leaf_id = await queries.get_leaf(uow, link)
        if leaf_id is None:
            raise NotFoundError
        chain = await branch_queries.list_chain(uow, leaf_id)
        if any(each.status == "streaming" for each in chain):
            raise AnswerRunningError
        last = branch_queries.copy_chain(uow, link.conversation_id, chain, copy_id, copy_title(link.title))
        conversation_queries.set_active_leaf(uow, copy_id, last)
        await publish_list(uow)
    return copy_id


async def _enter(actor: Actor, token: str, address: str) -> tuple[Actor, UUID]:
    """Whoever may ask for a link in its own workspace: the actor, or somebody without a name and without rights."""
    async with unit_of_work(ANONYMOUS) as uow:
        located = await queries.locate(uow, hash_token(token[:200]))
    if located is None:
        await limits.count_refusal(address)
        raise NotFoundError
    if actor.workspace_id == located.workspace_id:
        return actor, located.id
    return Actor(None, located.workspace_id, frozenset()), located.id


async def _open(uow: UnitOfWork, actor: Actor, link_id: UUID) -> OpenLink:
    link = await queries.get_open(uow, link_id)
    if link.scope == "anyone":
        return link
    if actor.is_anonymous:
        raise SignInRequiredError
    if actor.workspace_id != uow.workspace_id or not actor.may(Permission.CONVERSATION_READ):
        raise NotFoundError
    return link


async def _check(uow: UnitOfWork, conversation_id: UUID, scope: Scope) -> None:
    if scope == "anyone" and not await rules.allows_anyone(uow):
        raise LinksForAnybodyError
    if await queries.count_links(uow, conversation_id) >= MOST_LINKS:
        raise InvalidInputError(t("A conversation has at most {count} links.", count=MOST_LINKS))


async def _end(uow: UnitOfWork, conversation_id: UUID) -> UUID:
    """Where a snapshot ends."""
    await generation_queries.recover_abandoned(uow, conversation_id)
    await generation_queries.refuse_while_writing(uow, conversation_id)
    leaf_id = (await branch_queries.get_place(uow, conversation_id)).leaf_id
    if leaf_id is None:
        raise NotFoundError
    return leaf_id


def _shown(message: MessageView, *, names_people: bool) -> LinkedMessage:
    return LinkedMessage(
        message.role, message.status, message.text, message.assistant_name,
        message.author_name if names_people else "", sum(not file.is_place for file in attached_files(message.files)),
    )  # fmt: skip
