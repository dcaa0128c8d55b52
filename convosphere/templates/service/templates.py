"""Making, finding, changing and putting away templates."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from convosphere.assistants.service.settings import problems_of
from convosphere.core.authorization import require
from convosphere.core.i18n import Message, t
from convosphere.core.lines import plain_line
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.creations.queries import creations
from convosphere.creations.queries import versions as version_queries
from convosphere.creations.schemas import VersionRow
from convosphere.creations.service import keeping
from convosphere.knowledge.service.documents import list_names
from convosphere.templates.errors import TemplateChangedError, TemplateRefusedError
from convosphere.templates.kind import TEMPLATES
from convosphere.templates.queries import templates as queries
from convosphere.templates.schemas import (
    LONGEST_DESCRIPTION,
    LONGEST_INSTRUCTIONS,
    LONGEST_MESSAGE,
    LONGEST_NAME,
    MOST_DOCUMENTS,
    MOST_EXCHANGES,
    Definition,
    Exchange,
    TemplateDetail,
    TemplatePage,
    TemplateQuery,
)

MOST_ROWS = 200
MOST_VERSIONS = 50


async def list_templates(actor: Actor, query: TemplateQuery) -> TemplatePage:
    """A page of the templates that the actor may begin with, by name."""
    require(actor, Permission.TEMPLATE_READ)
    async with unit_of_work(actor) as uow:
        rows, found = await queries.list_rows(uow, query)
    return TemplatePage(tuple(rows[:MOST_ROWS]), found)


async def open_template(actor: Actor, template_id: UUID) -> TemplateDetail:
    """A template with what is in it.

    Raises:
        TemplateNotFoundError: the actor sees no such template.
    """
    require(actor, Permission.TEMPLATE_READ)
    async with unit_of_work(actor) as uow:
        row = await queries.get_row(uow, template_id)
        template = await creations.get(uow, TEMPLATES, template_id, "view")
        number, definition = await version_queries.get_definition(uow, TEMPLATES, template)
        seen = await _names(uow, definition.document_ids)
    return TemplateDetail(row, definition, seen, number)


async def take_template(uow: UnitOfWork, template_id: UUID) -> Definition:
    """What a conversation of the actor's begins with, inside the unit that begins it.

    Raises:
        TemplateNotFoundError: the actor sees no such template.
    """
    require(uow.actor, Permission.TEMPLATE_READ)
    template = await creations.get(uow, TEMPLATES, template_id, "view")
    _, definition = await version_queries.get_definition(uow, TEMPLATES, template)
    return definition


async def create_template(actor: Actor, definition: Definition) -> UUID:
    """Keep a template, at first for the actor alone.

    Raises:
        TemplateRefusedError: something in it cannot be used.
    """
    require(actor, Permission.TEMPLATE_WRITE)
    definition = checked(definition)
    async with unit_of_work(actor) as uow:
        definition = await _with_seen_documents(uow, definition, ())
        return (await keeping.add(uow, TEMPLATES, definition, "")).id


async def save_template(actor: Actor, template_id: UUID, definition: Definition, *, based_on: int) -> int:
    """Make a new version of a template from the one that it was `based_on`; gives the number that counts now.

    Conversations that have begun with it stay as they are.

    Raises:
        TemplateNotFoundError: the actor may not change such a template.
        TemplateRefusedError: something in it cannot be used.
        TemplateChangedError: the version that it is based on is not the current one any more.
    """
    require(actor, Permission.TEMPLATE_WRITE)
    definition = checked(definition)
    async with unit_of_work(actor) as uow:
        template = await creations.get(uow, TEMPLATES, template_id, "edit", lock=True)
        number, before = await version_queries.get_definition(uow, TEMPLATES, template)
        if number != based_on:
            raise TemplateChangedError
        definition = await _with_seen_documents(uow, definition, before.document_ids)
        return number if before == definition else await keeping.change(uow, TEMPLATES, template, definition, "")


async def list_versions(actor: Actor, template_id: UUID) -> list[VersionRow[Definition]]:
    """What a template was, newest first.

    Raises:
        TemplateNotFoundError: the actor may not change such a template.
    """
    require(actor, Permission.TEMPLATE_WRITE)
    async with unit_of_work(actor) as uow:
        template = await creations.get(uow, TEMPLATES, template_id, "edit")
        return await version_queries.list_versions(uow, TEMPLATES, template, MOST_VERSIONS, with_definitions=True)


async def restore_version(actor: Actor, template_id: UUID, number: int) -> int:
    """Make what a template was in a version its newest one; gives the number of that.

    Raises:
        TemplateNotFoundError: the actor may not change such a template, or it has no such version.
    """
    require(actor, Permission.TEMPLATE_WRITE)
    async with unit_of_work(actor) as uow:
        template = await creations.get(uow, TEMPLATES, template_id, "edit", lock=True)
        _, definition = await version_queries.get_definition(uow, TEMPLATES, template, number)
        return await keeping.change(uow, TEMPLATES, template, definition, keeping.why_restored(actor, number))


async def delete_template(actor: Actor, template_id: UUID) -> str:
    """Put a template away; `restore_template` brings it back until it is purged. Gives its name.

    Raises:
        TemplateNotFoundError: the actor does not manage such a template.
    """
    require(actor, Permission.TEMPLATE_WRITE)
    return await keeping.put_away(actor, TEMPLATES, template_id)


async def restore_template(actor: Actor, template_id: UUID) -> None:
    """Bring back a template that was deleted.

    Raises:
        TemplateNotFoundError: the actor manages no such deleted template.
    """
    require(actor, Permission.TEMPLATE_WRITE)
    await keeping.bring_back(actor, TEMPLATES, template_id)


def checked(definition: Definition) -> Definition:
    """The same, tidy; exchanges of which nothing is written are left out.

    Raises:
        TemplateRefusedError: something in it cannot be used.
    """
    exchanges = (Exchange(question=_text(one.question), answer=_text(one.answer)) for one in definition.exchanges)
    tidy = definition.model_copy(
        update={
            "name": plain_line(definition.name), "description": plain_line(definition.description),
            "instructions": _text(definition.instructions),
            "document_ids": tuple(dict.fromkeys(definition.document_ids)),
            "exchanges": tuple(one for one in exchanges if one.question or one.answer),
        }
    )  # fmt: skip
    for field, message in _problems(tidy):
        raise TemplateRefusedError(field, message)
    return tidy


def _problems(tidy: Definition) -> Iterable[tuple[str, Message]]:
    if not tidy.name:
        yield "name", t("Please give it a name.")
    longest = {"name": LONGEST_NAME, "description": LONGEST_DESCRIPTION, "instructions": LONGEST_INSTRUCTIONS}
    for field, count in longest.items():
        if len(getattr(tidy, field)) > count:
            yield field, t("At most {count} characters fit here.", count=count)
    if len(tidy.document_ids) > MOST_DOCUMENTS:
        yield "documents", t("A template has at most {count} documents.", count=MOST_DOCUMENTS)
    yield from ((problem.field, problem.message) for problem in problems_of(tidy.settings, None))
    yield from _problems_of_exchanges(tidy.exchanges)


def _problems_of_exchanges(exchanges: Sequence[Exchange]) -> Iterable[tuple[str, Message]]:
    if len(exchanges) > MOST_EXCHANGES:
        yield "exchanges", t("A template begins with at most {count} questions.", count=MOST_EXCHANGES)
    for place, one in enumerate(exchanges):
        if not (one.question and one.answer):
            yield f"exchange-{place}", t("Please write both, the question and its answer, or neither.")
        if max(len(one.question), len(one.answer)) > LONGEST_MESSAGE:
            yield f"exchange-{place}", t("At most {count} characters fit here.", count=LONGEST_MESSAGE)


async def _with_seen_documents(uow: UnitOfWork, definition: Definition, before: tuple[UUID, ...]) -> Definition:
    """Of new documents those that the actor sees; others' that were there before, unseen, stay."""
    seen = await _names(uow, tuple(dict.fromkeys((*definition.document_ids, *before))))
    unseen = tuple(each for each in before if each not in seen)
    kept = tuple(each for each in definition.document_ids if each in seen)
    return definition.model_copy(update={"document_ids": (*unseen, *kept)})


async def _names(uow: UnitOfWork, document_ids: tuple[UUID, ...]) -> dict[UUID, str]:
    """Those that the actor sees."""
    seen = document_ids and uow.actor.may(Permission.DOCUMENT_READ)
    return await list_names(uow, list(document_ids)) if seen else {}


def _text(text: str) -> str:
    return text.replace("\x00", "").strip()
