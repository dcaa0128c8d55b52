"""Links that open documents: made and revoked by who may share them, opened with no more than its maker's rights.

Whether a link works is asked each time, for each page, picture and file: it is neither revoked nor expired, the
workspace allows its kind, and whoever made it may share what it leads to now.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from convosphere.core.audit.actions import (
    DOCUMENT_LINK_MADE,
    DOCUMENT_LINK_OPENED,
    DOCUMENT_LINK_REVOKED,
    Action,
)
from convosphere.core.audit.facts import LinkFacts, NoFacts
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError, NotFoundError, SignInRequiredError
from convosphere.core.i18n import t
from convosphere.core.identifiers import hash_token, new_id, new_token
from convosphere.core.page_routes import SHARED_DOCUMENTS
from convosphere.core.permissions import ANONYMOUS, Actor, Permission
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity import limits
from convosphere.identity.errors import LinksForAnybodyError
from convosphere.identity.queries import link_rules as rules
from convosphere.identity.service.link_rules import MOST_LINKS, checked_scope, expiry_of
from convosphere.identity.service.memberships import resolve_person
from convosphere.knowledge.collections.queries import get_collection
from convosphere.knowledge.collections.schemas import as_filter, as_stored
from convosphere.knowledge.errors import DocumentNotFoundError
from convosphere.knowledge.links import queries
from convosphere.knowledge.links.queries import NewLink
from convosphere.knowledge.links.schemas import KINDS, MOST_PASSAGES, Kind, LinkedPage, Links, StoredLink, Visit
from convosphere.knowledge.previews.schemas import Source
from convosphere.knowledge.previews.service import get_source
from convosphere.knowledge.queries.documents import get_document
from convosphere.knowledge.queries.folders import get_folder
from convosphere.knowledge.schemas import DocumentFilter, PassageText
from convosphere.knowledge.service.reading import list_passages

PAGE: Final = 50


def link_topic(link_id: UUID) -> str:
    """Where is told that a link was revoked."""
    return f"document-link:{link_id}"


async def list_links(actor: Actor, kind: str, target_id: UUID) -> Links:
    """The links to something that the actor may share; what is secret in them nobody knows any more."""
    require(actor, Permission.DOCUMENT_SHARE)
    async with unit_of_work(actor) as uow:
        await _fetch(uow, known := _kind(kind), target_id)
        return Links(await queries.list_links(uow, known, target_id, MOST_LINKS), await rules.allows_anyone(uow))


async def make_link(
    actor: Actor, kind: str, target_id: UUID, scope: str, *, may_download: bool, days: int | None = None
) -> str:
    """Make a link that works for so many days, or until it is revoked; gives its address, which nobody can read again.

    Raises:
        InvalidInputError: the scope, the days or the number of links is none that is allowed.
        LinksForAnybodyError: the workspace has no links for anybody.
        NotFoundError: the actor may share no such thing.
    """
    require(actor, Permission.DOCUMENT_SHARE)
    token, for_whom, expires_at = new_token(), checked_scope(scope), expiry_of(days)
    async with unit_of_work(actor) as uow:
        name, shows = await _fetch(uow, known := _kind(kind), target_id)
        if for_whom == "anyone" and not await rules.allows_anyone(uow):
            raise LinksForAnybodyError
        if len(await queries.list_links(uow, known, target_id, MOST_LINKS)) >= MOST_LINKS:
            raise InvalidInputError(t("There are {count} links to this already. Revoke some first.", count=MOST_LINKS))
        stored = as_stored(shows) if shows else None
        link = NewLink(new_id(), hash_token(token), for_whom, may_download, expires_at, stored)
        queries.add_link(uow, known, target_id, link)
        facts = LinkFacts(shared_with=for_whom, days=days) if days else LinkFacts(shared_with=for_whom)
        uow.record(DOCUMENT_LINK_MADE, target_id, label=name, after=facts)
    return f"{get_settings().address}{SHARED_DOCUMENTS}?token={token}"


async def revoke_link(actor: Actor, link_id: UUID) -> None:
    """Let a link open nothing any more; pages that it has opened are closed.

    Raises:
        NotFoundError: the actor may not share what it leads to.
    """
    require(actor, Permission.DOCUMENT_SHARE)
    async with unit_of_work(actor) as uow:
        link = await queries.get_link(uow, link_id, is_open=False)
        name, _ = await _fetch(uow, link.kind, link.target_id)
        queries.revoke(uow, link_id)
        uow.record(DOCUMENT_LINK_REVOKED, link.target_id, label=name)
        await uow.publish(link_topic(link_id))


async def open_link(
    actor: Actor, token: str, address: str, *, skip: int = 0, is_first: bool = False
) -> LinkedPage:  # fmt: skip
    """What a link opens for somebody who comes from an address; the first look is counted, and the trail is told.

    Raises:
        NotFoundError: there is no such link, or it works no more, or not for them.
        SignInRequiredError: it is for people of the workspace, and nobody is signed in.
        TooManyRequestsError: too many links were tried that open nothing.
    """
    visit = await enter(actor, token, address)
    async with unit_of_work(visit.maker) as uow:
        total = await queries.count_documents(uow, visit)
        rows = await queries.list_documents(uow, visit, max(skip, 0), PAGE)
        if is_first:
            queries.count_use(uow, visit.link.id)
            uow.record(DOCUMENT_LINK_OPENED, visit.link.target_id, label=visit.name, by=visit.visitor)
        workspace_id = uow.workspace_id
    if visit.shows is None and not rows:
        raise NotFoundError
    made_by = visit.maker.name if visit.link.scope == "workspace" else ""
    return LinkedPage(
        visit.link.id, workspace_id, visit.name, made_by, visit.link.may_download, visit.shows is None, tuple(rows),
        total,
    )  # fmt: skip


async def enter(actor: Actor, token: str, address: str) -> Visit:
    """See whether a link opens for somebody; see `open_link`."""
    await limits.count_visitor(actor, address)
    async with unit_of_work(ANONYMOUS) as uow:
        located = await queries.locate(uow, hash_token(token[:200]))
    if located is None:
        await limits.count_refusal(address)
        raise NotFoundError
    is_inside = actor.workspace_id == located.workspace_id
    visitor = actor if is_inside else Actor(None, located.workspace_id, frozenset())
    async with unit_of_work(Actor(None, located.workspace_id, frozenset())) as uow:
        link = await queries.get_link(uow, located.id, is_open=True)
    if link.scope == "workspace":
        if actor.is_anonymous:
            raise SignInRequiredError
        if not is_inside or not actor.may(Permission.DOCUMENT_READ):
            raise NotFoundError
    maker = await resolve_person(located.workspace_id, link.created_by)
    if not maker.may(Permission.DOCUMENT_SHARE):
        raise NotFoundError
    return await _visit(link, replace(maker, permissions=frozenset({Permission.DOCUMENT_READ})), visitor)


async def get_linked_source(actor: Actor, token: str, address: str, document_id: UUID) -> tuple[Visit, Source]:
    """The file of a document that a link shows; whether it may be taken says the link.

    Raises:
        DocumentNotFoundError: the link shows no such document, wherever else it may lie.
    """
    visit = await enter(actor, token, address)
    await _check_shown(visit, document_id)
    source = await get_source(visit.maker, document_id)
    return visit, replace(source, may_take=visit.link.may_download)


async def list_linked_passages(actor: Actor, token: str, address: str, document_id: UUID) -> Sequence[PassageText]:
    """The beginning of what the machine reads of a document that a link shows, for who may not have its file.

    One passage more than `MOST_PASSAGES` tells that there is more.

    Raises:
        DocumentNotFoundError: the link shows no such document.
    """
    visit = await enter(actor, token, address)
    await _check_shown(visit, document_id)
    return await list_passages(visit.maker, document_id, limit=MOST_PASSAGES + 1)


async def note_taking(visit: Visit, source: Source, action: Action[NoFacts], *, is_beginning: bool) -> None:
    """Tell the trail that somebody gets an original by a link; further parts of a file are no news."""
    if is_beginning:
        async with unit_of_work(visit.visitor) as uow:
            uow.record(action, source.document_id, label=source.name)


async def _check_shown(visit: Visit, document_id: UUID) -> None:
    async with unit_of_work(visit.maker) as uow:
        if not await queries.shows_document(uow, visit, document_id):
            raise DocumentNotFoundError


async def _visit(link: StoredLink, maker: Actor, visitor: Actor) -> Visit:
    async with unit_of_work(maker) as uow:
        name, shows = await _fetch(uow, link.kind, link.target_id)
    if shows and link.filter is not None:
        shows = as_filter(link.filter)
    return Visit(link, maker, visitor, name, shows)


async def _fetch(uow: UnitOfWork, kind: Kind, target_id: UUID) -> tuple[str, DocumentFilter | None]:
    """The name of something that the actor may share, and which documents it shows; None of a document.

    Raises:
        NotFoundError: there is none.
    """
    if kind == "document":
        return (await get_document(uow, target_id, "manage")).name, None
    if kind == "document_folder":
        return (await get_folder(uow, target_id, "manage")).name, DocumentFilter(folder_id=target_id)
    collection = await get_collection(uow, target_id, "manage")
    return collection.name, replace(as_filter(collection.filter), is_trashed=False)


def _kind(kind: str) -> Kind:
    for known in KINDS:
        if kind == known:
            return known
    raise NotFoundError
