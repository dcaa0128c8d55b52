"""Rules that tag: making, changing, resting and deleting them, and what they would do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from convosphere.core.audit.actions import TAG_RULE_DELETED, TAG_RULE_SET
from convosphere.core.authorization import require
from convosphere.core.i18n import Message
from convosphere.core.lines import plain_line
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.service.memberships import people_now
from convosphere.knowledge.bulk import service as bulk
from convosphere.knowledge.errors import FolderNotFoundError
from convosphere.knowledge.models import TagRule
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.rules import queries
from convosphere.knowledge.rules.errors import RuleIncompleteError, TooManyRulesError
from convosphere.knowledge.rules.schemas import (
    FOLDER_GONE,
    LONGEST_VALUE,
    MOST_PARTS,
    OWNER_GONE,
    OWNER_MAY_NOT,
    PAUSED,
    TAG_CLOSED,
    Condition,
    Part,
    RuleMatch,
    RulePreview,
    RuleRow,
    as_condition,
    as_stored,
)
from convosphere.knowledge.service.announcements import announce_order
from convosphere.knowledge.tags.queries import get_tag

MOST_RULES: Final = 200
_KINDS: Final = frozenset(kind.value for kind in DocumentType)


async def preview(actor: Actor, tag_id: UUID, condition: Condition) -> RulePreview:
    """What a rule would do now if the actor made it.

    Raises:
        TagNotFoundError: the actor may not use such a tag.
        RuleIncompleteError, FolderNotFoundError: it asks for something that cannot be.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    condition = _checked(condition)
    async with unit_of_work(actor) as uow:
        await get_tag(uow, tag_id, "use")
        await _check_folders(uow, condition)
        return await queries.preview(uow, RuleMatch(tag_id, condition))


async def keep_rule(actor: Actor, tag_id: UUID, rule_id: UUID | None, condition: Condition) -> UUID:
    """Make a rule, or make one of the actor's own what is asked; from then on it sees to each new document.

    Raises:
        TagNotFoundError, RuleNotFoundError: there is nothing that the actor may do this with.
        RuleIncompleteError, FolderNotFoundError, TooManyRulesError: it cannot be kept.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    condition = _checked(condition)
    async with unit_of_work(actor) as uow:
        tag = await get_tag(uow, tag_id, "use")
        await _check_folders(uow, condition)
        if rule_id is None:
            await uow.take_turns(f"tag-rules:{uow.workspace_id}")
            if await queries.count_rules(uow) >= MOST_RULES:
                raise TooManyRulesError(MOST_RULES)
            rule = TagRule(workspace_id=uow.workspace_id, tag_id=tag_id, owner_id=uow.account_id, condition={})
            uow.session.add(rule)
        else:
            rule = await queries.get_rule(uow, rule_id, lock=True)
        rule.condition, rule.updated_at, rule.is_paused = as_stored(condition), utc_now(), False
        uow.record(TAG_RULE_SET, tag_id, label=tag.name, after={"parts": len(condition.parts)})
        await announce_order(uow)
    return rule.id


async def apply_to_present(actor: Actor, rule_id: UUID) -> UUID:
    """Have a rule of the actor's own put its tag on what is there already; gives the job, which can be undone.

    Raises:
        RuleNotFoundError: the actor has no such rule.
        NothingAllowedError, NothingChosenError: it fits nothing that does not have the tag.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        rule = await queries.get_rule(uow, rule_id)
    match = RuleMatch(rule.tag_id, as_condition(rule.condition))
    return await bulk.start(actor, "rule", match, {"rule_id": str(rule_id)})


async def set_paused(actor: Actor, rule_id: UUID, *, is_paused: bool) -> None:
    """Let a rule of the actor's own rest, or go on.

    Raises:
        RuleNotFoundError: the actor has no such rule.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        rule = await queries.get_rule(uow, rule_id, lock=True)
        rule.is_paused, rule.updated_at = is_paused, utc_now()
        await announce_order(uow)


async def delete_rule(actor: Actor, rule_id: UUID) -> None:
    """Take a rule away; the tags that it put stay.

    Raises:
        RuleNotFoundError: it is not the actor's, nor of a tag that they may edit.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        rule = await queries.get_removable(uow, rule_id)
        uow.record(TAG_RULE_DELETED, rule.tag_id)
        await uow.session.delete(rule)
        await announce_order(uow)


async def list_rules(actor: Actor, tag_id: UUID) -> list[RuleRow]:
    """The rules of a tag that the actor made, or all where they may edit it, with why they rest if they do."""
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        found = await queries.list_rules(uow, tag_id)
        owners = await people_now(uow, {rule.owner_id for rule, _ in found})
        folder_ids = {key for rule, _ in found for key in as_condition(rule.condition).folder_ids}
        closed = await queries.list_closed(uow, tag_id, owners)
        lost = await queries.list_lost(uow, owners, folder_ids)
        names = await queries.name_folders(uow, folder_ids)
    rows = []
    for rule, owner_name in found:
        condition = as_condition(rule.condition)
        is_lost = any((rule.owner_id, key) in lost for key in condition.folder_ids)
        resting = _resting(rule, owners, is_closed=rule.owner_id in closed, is_lost=is_lost)
        row = RuleRow(
            rule.id, tag_id, condition, owner_name, rule.owner_id == actor.account_id, rule.is_paused, resting, names
        )
        rows.append(row)
    return rows


def _resting(rule: TagRule, owners: Mapping[UUID, Actor], *, is_closed: bool, is_lost: bool) -> Message | None:
    if rule.is_paused:
        return PAUSED
    if rule.owner_id not in owners:
        return OWNER_GONE
    if not owners[rule.owner_id].may(Permission.DOCUMENT_WRITE):
        return OWNER_MAY_NOT
    return TAG_CLOSED if is_closed else FOLDER_GONE if is_lost else None


def _checked(condition: Condition) -> Condition:
    """A condition whose parts say something."""
    parts = tuple(replace(part, value=plain_line(part.value)[:LONGEST_VALUE]) for part in condition.parts)
    if not 0 < len(parts) <= MOST_PARTS or not all(map(_is_sound, parts)):
        raise RuleIncompleteError
    return replace(condition, parts=parts)


def _is_sound(part: Part) -> bool:
    if part.kind == "kind":
        return part.value in _KINDS
    if part.kind == "folder":
        try:
            UUID(part.value)
        except ValueError:
            return False
    return bool(part.value)


async def _check_folders(uow: UnitOfWork, condition: Condition) -> None:
    folder_ids: Sequence[UUID] = condition.folder_ids
    if len(await queries.name_folders(uow, folder_ids)) < len(set(folder_ids)):
        raise FolderNotFoundError
