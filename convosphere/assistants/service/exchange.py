"""Taking an assistant out of a workspace as a file, and into one; what is missing here is told before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from uuid import UUID

from convosphere.assistants.errors import FileRefusedError
from convosphere.assistants.queries import gallery as gallery_queries
from convosphere.assistants.schemas import CATEGORIES, COLORS, ICONS, Definition, Knowledge, Settings
from convosphere.assistants.service.assistants import create_assistant
from convosphere.assistants.service.definitions import check, model_for, reading_only
from convosphere.assistants.service.handles import handle_of
from convosphere.assistants.service.pictures import keep_picture, read_picture, write_picture
from convosphere.assistants.service.portable import MOST_BYTES, NamedDocument, NamedPlace, Portable, read, write
from convosphere.assistants.service.prompts import VARIABLE, VARIABLES, unknown_variables
from convosphere.core.audit.actions import ASSISTANT_EXPORTED, ASSISTANT_IMPORTED
from convosphere.core.authorization import require
from convosphere.core.i18n import t
from convosphere.core.images.schemas import Picture
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.places.schemas import NOWHERE, Place, Places, places_of
from convosphere.knowledge.places.service import find_named, list_seen
from convosphere.knowledge.service.documents import find_contents, list_contents
from convosphere.llm.gateway import current_gateway

Missing = Literal[
    "model", "fallback", "setting", "document", "folder", "tag", "collection", "tool", "field", "variable", "picture",
    "hidden",
]  # fmt: skip
READ_NONE: Final = "none"
READ_ALL: Final = "all"
MOST_KILOBYTES: Final = MOST_BYTES // 1000


@dataclass(frozen=True)
class Lack:
    """Something that a file names and that is not here, so that it would be left out."""

    kind: Missing
    name: str = ""


@dataclass(frozen=True)
class Intake:
    """What would become of a file: a definition that works here, and what it had to leave behind.

    `asks_model` and `asks_documents` say what the person may choose: another model than that of the conversation, and
    what it reads instead of documents of which none is here.
    """

    definition: Definition
    lacks: tuple[Lack, ...] = field(default_factory=tuple)
    documents: int = 0
    asks_model: bool = False
    asks_documents: bool = False
    picture: Picture | None = None


async def export_assistant(actor: Actor, assistant_id: UUID) -> tuple[str, str]:
    """The name and the text of a file with what the actor may copy of an assistant; see `duplicate_assistant`.

    What it reads and the actor does not see is left out.

    Raises:
        AssistantNotFoundError: the actor may copy no such assistant.
    """
    require(actor, Permission.ASSISTANT_READ)
    async with unit_of_work(actor) as uow:
        assistant, stored = await gallery_queries.get_copyable(uow, assistant_id)
        definition = Definition.model_validate(stored.definition)
        contents = await list_contents(uow, definition.knowledge.document_ids)
        seen = await list_seen(uow, definition.knowledge.places)
        documents = sorted((NamedDocument(name, digest) for _, name, digest in contents), key=lambda one: one.name)
        picture = await write_picture(uow, definition.icon)
        uow.record(ASSISTANT_EXPORTED, assistant_id, label=assistant.name, after={"version": stored.number})
    return f"{handle_of(definition.name)}.assistant.json", write(
        Portable(definition, tuple(documents), picture=picture, places=_named(seen))
    )


async def read_file(actor: Actor, text: str, *, model: str = "", reads: str = READ_NONE) -> Intake:
    """What a file would become here; keeps nothing. `model` and `reads` are what the person chose instead.

    Raises:
        FileRefusedError: it is no such file, holds what no assistant may hold, or could not work.
    """
    require(actor, Permission.ASSISTANT_WRITE)
    portable = read(text)
    lacks = [Lack("tool", tool) for tool in portable.tools]
    lacks += [Lack("field", name) for name in portable.strange]
    lacks += [Lack("hidden")] if portable.had_hidden else []
    definition, asks_model = await _with_models(actor, portable.definition, model, lacks)
    picture = await read_picture(portable.picture) if portable.picture else None
    definition = _with_face(_with_variables(definition, lacks), lacks, has_picture=picture is not None)
    knowledge, found = await _with_places(actor, portable, lacks)
    asks_documents = definition.knowledge.scope == "chosen" and not found
    if asks_documents and reads == READ_ALL:
        knowledge = definition.knowledge.reading(NOWHERE).model_copy(update={"scope": "all"})
    definition = definition.model_copy(update={"knowledge": knowledge})
    if problems := [problem for problem in await check(actor, definition) if problem.blocking]:
        said = problems[0].message.in_locale(actor.locale)
        raise FileRefusedError(t("“{name}” in this file: {problem}", name=problems[0].field, problem=said))
    return Intake(definition, tuple(lacks), found, asks_model, asks_documents, picture)


async def take_in(actor: Actor, text: str, *, model: str = "", reads: str = READ_NONE) -> UUID:
    """Make a draft of a file; see `read_file`.

    Raises:
        FileRefusedError: as there.
    """
    intake = await read_file(actor, text, model=model, reads=reads)
    definition = intake.definition
    if intake.picture:
        definition = definition.model_copy(update={"icon": await keep_picture(actor, intake.picture)})
    return await create_assistant(actor, definition, action=ASSISTANT_IMPORTED)


async def _with_models(actor: Actor, definition: Definition, chosen: str, lacks: list[Lack]) -> tuple[Definition, bool]:
    """The definition with models and settings that there are here, and whether its model is none of them."""
    known = {model.id for model in await current_gateway().models(actor)}
    is_missing = bool(definition.model) and definition.model not in known
    if is_missing:
        lacks.append(Lack("model", definition.model))
    model = chosen if is_missing and chosen in known else "" if is_missing else definition.model
    fallback = definition.fallback
    if fallback and fallback not in known:
        lacks.append(Lack("fallback", fallback))
    if fallback not in known or fallback == model or not model:
        fallback = ""
    settings = await _settings(actor, definition.settings, model, lacks)
    return definition.model_copy(update={"model": model, "fallback": fallback, "settings": settings}), is_missing


async def _settings(actor: Actor, settings: Settings, model_id: str, lacks: list[Lack]) -> Settings:
    model = await model_for(actor, model_id) if model_id else None
    given = settings.model_dump(exclude_none=True)
    unknown = [name for name in given if model and name not in model.parameters]
    lacks.extend(Lack("setting", name) for name in unknown)
    return Settings(**{name: value for name, value in given.items() if name not in unknown})


def _with_variables(definition: Definition, lacks: list[Lack]) -> Definition:
    """Variables that are not known here stay as words in single braces."""
    unknown = unknown_variables(definition.instructions)
    lacks.extend(Lack("variable", name[:80]) for name in unknown[:20])
    text = VARIABLE.sub(
        lambda match: match[0] if match[1] in VARIABLES else "{" + match[1] + "}", definition.instructions
    )
    return definition.model_copy(update={"instructions": text})


def _with_face(definition: Definition, lacks: list[Lack], *, has_picture: bool) -> Definition:
    face = {
        "icon": definition.icon if definition.icon in ICONS else ICONS[0],
        "color": definition.color if definition.color in COLORS else COLORS[0],
        "category": definition.category if definition.category in CATEGORIES else "",
    }
    wanted = {name: getattr(definition, name) for name in face if not (has_picture and name == "icon")}
    lacks.extend(Lack("picture", value[:80]) for name, value in wanted.items() if value != face[name])
    return definition.model_copy(update=face)


async def _with_places(actor: Actor, portable: Portable, lacks: list[Lack]) -> tuple[Knowledge, int]:
    """What it reads here, and how much of that is here: documents whose file is the same, places of the same name."""
    knowledge = portable.definition.knowledge.reading(NOWHERE)
    if knowledge.scope != "chosen":
        return knowledge, 0
    here: dict[str, UUID] = {}
    places: list[Place] = []
    if actor.may(Permission.DOCUMENT_READ):
        async with unit_of_work(actor) as uow:
            for document_id, _, digest in await find_contents(uow, [one.sha256 for one in portable.documents]):
                here.setdefault(digest, document_id)
            places = await find_named(uow, [(each.kind, each.name) for each in portable.places])
    lacks.extend(Lack("document", one.name) for one in portable.documents if one.sha256 not in here)
    known = set(_named(places))
    lacks.extend(Lack(each.kind, each.name) for each in portable.places if each not in known)
    found = Places(tuple(here.values())) | places_of(places)
    return reading_only(knowledge, found), len(found.ids)


def _named(places: Sequence[Place]) -> tuple[NamedPlace, ...]:
    return tuple(NamedPlace(each.kind, each.name) for each in places if each.kind != "document")
