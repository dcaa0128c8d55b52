"""The SQL of rules. Fetching is authorising."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, exists, func, literal, or_, select, text, union_all, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import Account
from convosphere.knowledge.models import Document, DocumentFolder, DocumentTag, Tag, TagRule
from convosphere.knowledge.queries.access import As, may_access_folder
from convosphere.knowledge.rules.conditions import fits, is_refused, is_tagged, is_within_reach
from convosphere.knowledge.rules.errors import RuleNotFoundError
from convosphere.knowledge.rules.schemas import RuleMatch, RulePreview, as_condition
from convosphere.knowledge.tags.queries import may_edit, may_use

NAMED: Final = 10

_HOLD = text("SELECT id FROM document WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR NO KEY UPDATE")


async def preview(uow: UnitOfWork, match: RuleMatch) -> RulePreview:
    """What a rule of the actor's would do now."""
    found = and_(is_within_reach(uow), fits(match.condition))
    has, refused = is_tagged(match.tag_id), is_refused(match.tag_id)
    counts = (
        await uow.session.execute(
            select(
                func.count().filter(~has, ~refused), func.count().filter(has), func.count().filter(~has, refused)
            ).where(found)
        )
    ).one()
    names = select(col(Document.name)).where(found, ~has, ~refused).order_by(col(Document.id).desc()).limit(NAMED)
    return RulePreview(counts[0], tuple(await uow.session.scalars(names)), counts[1], counts[2])


def is_matched(uow: UnitOfWork, match: RuleMatch) -> ColumnElement[bool]:
    """True in SQL of the documents that a rule of the actor's would put its tag on."""
    return and_(is_within_reach(uow), fits(match.condition), ~is_tagged(match.tag_id), ~is_refused(match.tag_id))


async def list_fitting(uow: UnitOfWork, match: RuleMatch, documents: Sequence[Document]) -> list[UUID]:
    """Those of some documents, which are locked, that a rule of the actor's puts its tag on now."""
    condition = fits(match.condition, [document.current_version_id for document in documents])
    ids = [document.id for document in documents]
    statement = select(col(Document.id)).where(
        col(Document.id).in_(ids), is_within_reach(uow), condition, ~is_refused(match.tag_id)
    )
    return list(await uow.session.scalars(statement))


async def get_rule(uow: UnitOfWork, rule_id: UUID, *, lock: bool = False) -> TagRule:
    """One of the actor's own rules.

    Raises:
        RuleNotFoundError: there is none.
    """
    return await _get(uow, rule_id, col(TagRule.owner_id) == uow.actor.account_id, lock=lock)


async def get_removable(uow: UnitOfWork, rule_id: UUID) -> TagRule:
    """A rule of the actor's own, or of a tag that they may edit.

    Raises:
        RuleNotFoundError: there is none.
    """
    return await _get(uow, rule_id, _is_shown(uow), lock=True)


async def _get(uow: UnitOfWork, rule_id: UUID, condition: ColumnElement[bool], *, lock: bool) -> TagRule:
    statement = select(TagRule).where(col(TagRule.id) == rule_id, condition)
    rule = await uow.session.scalar(statement.with_for_update(of=TagRule) if lock else statement)
    if rule is None:
        raise RuleNotFoundError
    return rule


async def list_rules(uow: UnitOfWork, tag_id: UUID) -> list[tuple[TagRule, str]]:
    """Rules of a tag with the names of whoever made them: the actor's own, and all where they may edit the tag."""
    statement = (
        select(TagRule, col(Account.name))
        .join(Account, col(Account.id) == col(TagRule.owner_id))
        .where(col(TagRule.tag_id) == tag_id, _is_shown(uow))
        .order_by(col(TagRule.id))
    )
    return [(row[0], row[1]) for row in await uow.session.execute(statement)]


def _is_shown(uow: UnitOfWork) -> ColumnElement[bool]:
    is_editor = exists().where(col(Tag.id) == col(TagRule.tag_id), may_edit(uow))
    return or_(col(TagRule.owner_id) == uow.actor.account_id, is_editor)


async def count_rules(uow: UnitOfWork) -> int:
    """How many rules the workspace has."""
    return await uow.session.scalar(select(func.count()).select_from(TagRule)) or 0


async def list_active(uow: UnitOfWork) -> list[TagRule]:
    """All rules of the workspace that are not paused."""
    return list(await uow.session.scalars(select(TagRule).where(~col(TagRule.is_paused)).order_by(col(TagRule.id))))


async def has_active(uow: UnitOfWork) -> bool:
    """Whether there is any."""
    return bool(await uow.session.scalar(select(exists().where(~col(TagRule.is_paused)))))


async def pause(uow: UnitOfWork, rule_id: UUID) -> None:
    """Let a rule of the actor's rest, if there is such a rule still."""
    await uow.session.execute(
        update(TagRule)
        .where(col(TagRule.id) == rule_id, col(TagRule.owner_id) == uow.actor.account_id)
        .values(is_paused=True, updated_at=func.now())
    )


async def list_closed(uow: UnitOfWork, tag_id: UUID, owners: Mapping[UUID, Actor]) -> set[UUID]:
    """Those of some people who may not use a tag."""
    if not owners:
        return set()
    asked = [
        select(literal(str(key), String).label("id")).where(_usable(tag_id, actor)) for key, actor in owners.items()
    ]
    usable = {UUID(key) for key in await uow.session.scalars(union_all(*asked))}
    return set(owners) - usable


async def list_lost(
    uow: UnitOfWork, wanted: Mapping[UUID, Actor], folder_ids: Collection[UUID]
) -> set[tuple[UUID, UUID]]:
    """Of some people and some folders: which of them does not see which one any more."""
    pairs = {(key, folder_id) for key in wanted for folder_id in folder_ids}
    if not pairs:
        return set()
    asked = [
        select(literal(str(key), String), col(DocumentFolder.id)).where(
            col(DocumentFolder.id).in_(folder_ids), may_access_folder(As(actor), "view")
        )
        for key, actor in wanted.items()
    ]
    seen = {(UUID(row[0]), row[1]) for row in await uow.session.execute(union_all(*asked))}
    return pairs - seen


async def name_folders(uow: UnitOfWork, folder_ids: Collection[UUID]) -> dict[UUID, str]:
    """Names of those of some folders that the actor sees."""
    statement = select(col(DocumentFolder.id), col(DocumentFolder.name)).where(
        col(DocumentFolder.id).in_(folder_ids), may_access_folder(uow, "view")
    )
    return {row[0]: row[1] for row in await uow.session.execute(statement)}


async def hold(uow: UnitOfWork, document_ids: Sequence[UUID]) -> None:
    """Let nobody else change some documents until this unit ends, so that what a person takes off stays off."""
    await uow.session.execute(_HOLD, {"ids": list(document_ids)})


async def list_version_ids(uow: UnitOfWork, document_ids: Sequence[UUID]) -> list[UUID]:
    """The current versions of some documents."""
    statement = select(col(Document.current_version_id)).where(col(Document.id).in_(document_ids))
    return list(await uow.session.scalars(statement))


async def apply(
    uow: UnitOfWork, rules: Sequence[tuple[TagRule, Actor]], document_ids: Sequence[UUID], version_ids: Sequence[UUID]
) -> set[UUID]:
    """Put tags on some documents, as rules say, each with what its owner may do; gives those that changed."""
    wanted = [
        select(col(Document.id), literal(rule.tag_id), literal(uow.workspace_id), literal("rule")).where(
            col(Document.id).in_(document_ids),
            _usable(rule.tag_id, owner),
            is_within_reach(As(owner)),
            ~is_refused(rule.tag_id),
            fits(as_condition(rule.condition), version_ids),
        )
        for rule, owner in rules
    ]
    statement = (
        insert(DocumentTag)
        .from_select(["document_id", "tag_id", "workspace_id", "source"], union_all(*wanted), include_defaults=False)
        .on_conflict_do_nothing()
        .returning(col(DocumentTag.document_id))
    )
    return set(await uow.session.scalars(statement))


def _usable(tag_id: UUID, actor: Actor) -> ColumnElement[bool]:
    return exists().where(col(Tag.id) == tag_id, may_use(As(actor)))
