"""Adding and changing sources, and trying what they would bring."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import Final
from uuid import UUID

from convosphere.core.audit.actions import SOURCE_ADDED, SOURCE_CHANGED
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.lines import plain_line
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.secrets.sealing import seal
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.errors import NameMissingError
from convosphere.knowledge.sources import queries
from convosphere.knowledge.sources.errors import TooManySourcesError
from convosphere.knowledge.sources.kinds import get_kind
from convosphere.knowledge.sources.kinds.base import Kind, checked_options
from convosphere.knowledge.sources.models import Source, SourceState
from convosphere.knowledge.sources.schemas import SCHEDULES, Entry, Preview, SourceDraft
from convosphere.knowledge.sources.sealed import SOURCE_SECRET
from convosphere.knowledge.sources.service import announce, begin_run, next_run, secret_of

MOST_SOURCES: Final = 100
LONGEST_NAME: Final = 80
LONGEST_SECRET: Final = 4_000
_PREVIEWED: Final = 10
_PREVIEW_SECONDS: Final = 20.0


async def save_source(actor: Actor, draft: SourceDraft, source_id: UUID | None = None) -> UUID:
    """Store a new source as a draft, or change one; gives its id. A draft is read once it is kept.

    Raises:
        SourceNotFoundError: the actor has no such source.
        TooManySourcesError, ExpectedError: it cannot be so.
    """
    kind = get_kind(draft.kind)
    require(actor, Permission.SOURCE_WRITE)
    require(actor, kind.permission)
    options = checked_options(kind, draft.options)
    name = (plain_line(draft.name) or _default_name(options[kind.place]))[:LONGEST_NAME].replace("/", " ").strip()
    if not name:
        raise NameMissingError
    if draft.schedule not in SCHEDULES or len(draft.secret) > LONGEST_SECRET:
        raise InvalidInputError(t("The request could not be read."))
    async with unit_of_work(actor) as uow:
        source = await _found_or_new(uow, draft.kind, source_id)
        is_elsewhere = any(source.options.get(key) != options[key] for key in kind.secret_for)
        source.name, source.schedule, source.options, source.updated_at = name, draft.schedule, dict(options), utc_now()
        _seal_secret(source, kind, draft.secret, is_elsewhere=is_elsewhere)
        if source.state != SourceState.DRAFT:
            source.next_run_at = next_run(source) if source.state == SourceState.ACTIVE else None
            place = _told_place(options[kind.place])
            uow.record(SOURCE_CHANGED, source.id, label=name, after={"kind": kind.key, "place": place})
        uow.session.add(source)
        await uow.session.flush()
        await announce(uow, source)
    return source.id


async def preview(actor: Actor, source_id: UUID) -> Preview:
    """Try a source: the first things that it would bring, as many as come in a while.

    Raises:
        SourceNotFoundError: the actor has no such source.
        SourceError: it cannot be read, with the reason.
    """
    require(actor, Permission.SOURCE_WRITE)
    async with unit_of_work(actor) as uow:
        source = await queries.get_source(uow, source_id)
    found: list[Entry] = []
    try:
        async with (
            asyncio.timeout(_PREVIEW_SECONDS),
            get_kind(source.kind).open(source.options, secret_of(source)) as opened,
            aclosing(opened.entries({})) as entries,
        ):
            async for entry in entries:
                found.append(entry)
                if len(found) > _PREVIEWED:
                    break
    except TimeoutError:
        return _preview(found, has_more=True)
    return _preview(found[:_PREVIEWED], has_more=len(found) > _PREVIEWED)


async def keep_source(actor: Actor, source_id: UUID) -> None:
    """Let a draft be a source, and read it now.

    Raises:
        SourceNotFoundError: the actor has no such source.
    """
    require(actor, Permission.SOURCE_WRITE)
    async with unit_of_work(actor) as uow:
        source = await queries.get_source(uow, source_id, lock=True)
        if source.state != SourceState.DRAFT:
            return
        source.state = SourceState.ACTIVE
        uow.record(
            SOURCE_ADDED, source.id, label=source.name,
            after={"kind": source.kind, "place": _told_place(source.options[get_kind(source.kind).place])},
        )  # fmt: skip
        await begin_run(uow, source)


async def _found_or_new(uow: UnitOfWork, kind: str, source_id: UUID | None) -> Source:
    if source_id:
        source = await queries.get_source(uow, source_id, lock=True)
        if source.kind != kind:
            raise InvalidInputError(t("The request could not be read."))
        return source
    await uow.take_turns(f"sources:{uow.account_id}")
    if await queries.count_owned(uow) >= MOST_SOURCES:
        raise TooManySourcesError(MOST_SOURCES)
    return Source(
        workspace_id=uow.workspace_id, owner_id=uow.account_id, kind=kind, name="", options={}, schedule="manual"
    )


def _seal_secret(source: Source, kind: Kind, secret: str, *, is_elsewhere: bool) -> None:
    """A secret that was entered for one server is not sent to another."""
    if secret:
        source.sealed_secret = seal(secret.encode(), SOURCE_SECRET.place(source.id, source.workspace_id))
    elif is_elsewhere and source.sealed_secret:
        raise InvalidInputError(t("Please enter the password again: it was for another server or name."))
    if kind.secret and kind.secret.is_required and not source.sealed_secret:
        raise InvalidInputError(t("Please fill in what is needed."))


def _preview(found: Sequence[Entry], *, has_more: bool) -> Preview:
    return Preview(
        tuple("/".join(filter(None, (entry.folder, entry.name))) for entry in found if not entry.problem),
        tuple(entry.problem for entry in found if entry.problem),
        has_more,
    )


def _told_place(place: str) -> str:
    """Where a source is, as far as the trail may keep it: queries carry tokens."""
    return place.partition("?")[0]


def _default_name(place: str) -> str:
    return place.partition("://")[2].partition("/")[0] or place
