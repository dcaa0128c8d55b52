"""Whether a definition can work: each problem in plain words, beside the field that it is about."""

from collections.abc import Iterator, Mapping

from convosphere.answers.schemas import CitationPolicy
from convosphere.assistants.errors import DefinitionRefusedError, Problem
from convosphere.assistants.schemas import (
    CATEGORIES,
    COLORS,
    ICONS,
    LONGEST_DESCRIPTION,
    LONGEST_EXAMPLE,
    LONGEST_INSTRUCTIONS,
    LONGEST_NAME,
    LONGEST_STARTER,
    MOST_DOCUMENTS,
    MOST_EXAMPLES,
    MOST_PLACES,
    MOST_STARTERS,
    Definition,
    Knowledge,
)
from convosphere.assistants.service.pictures import is_own
from convosphere.assistants.service.prompts import VARIABLES, unknown_variables
from convosphere.assistants.service.settings import problems_of
from convosphere.core.i18n import Message, t
from convosphere.core.permissions import Actor
from convosphere.knowledge.places.schemas import NOWHERE, Places
from convosphere.llm.errors import ModelNotFoundError
from convosphere.llm.gateway import current_gateway
from convosphere.llm.schemas import Model
from convosphere.llm.tokens import estimate_tokens


async def check(actor: Actor, definition: Definition) -> list[Problem]:
    """All that is wrong with a definition that somebody wants to keep; those that hinder come first."""
    models = {model.id: model for model in await current_gateway().models(actor)}
    problems = [*_names(definition), *_texts(definition), *_models(definition, models), *_knowledge(definition)]
    return sorted(problems, key=lambda problem: not problem.blocking)


async def refuse_problems(actor: Actor, definition: Definition) -> None:
    """Let nothing pass that could not work.

    Raises:
        DefinitionRefusedError: something hinders.
    """
    if problems := [problem for problem in await check(actor, definition) if problem.blocking]:
        raise DefinitionRefusedError(problems)


def is_too_long(definition: Definition) -> bool:
    """Whether any text is longer than one that can be kept: variables would make very much of it."""
    examples = definition.personality.examples
    told = [text for each in examples[: MOST_EXAMPLES + 1] for text in (each.question, each.answer)]
    return (
        len(definition.name) > LONGEST_NAME
        or len(definition.description) > LONGEST_DESCRIPTION
        or len(definition.instructions) > LONGEST_INSTRUCTIONS
        or len(examples) > MOST_EXAMPLES
        or any(len(text) > LONGEST_EXAMPLE for text in told)
    )


async def model_for(actor: Actor, model_id: str) -> Model | None:
    """The model that answers where this one is chosen; None where there is none of the name."""
    try:
        return await current_gateway().get_model(actor, model_id)
    except ModelNotFoundError:
        return None


def _names(definition: Definition) -> Iterator[Problem]:
    if not definition.name.strip():
        yield Problem("name", t("Please give the assistant a name."))
    elif len(definition.name) > LONGEST_NAME:
        yield Problem("name", _at_most(LONGEST_NAME))
    if len(definition.description) > LONGEST_DESCRIPTION:
        yield Problem("description", _at_most(LONGEST_DESCRIPTION))
    if not (definition.icon in ICONS or is_own(definition.icon)) or definition.color not in COLORS:
        yield Problem("picture", t("Please choose one of the pictures and colours that are offered."))
    if definition.category and definition.category not in CATEGORIES:
        yield Problem("category", t("Please choose one of those that are offered."))


def _texts(definition: Definition) -> Iterator[Problem]:
    if len(definition.instructions) > LONGEST_INSTRUCTIONS:
        yield Problem("instructions", _at_most(LONGEST_INSTRUCTIONS))
    elif not definition.instructions.strip():
        yield Problem("instructions", t("Without instructions it answers like any other chat."), blocking=False)
    if unknown := unknown_variables(definition.instructions):
        known = ", ".join(VARIABLES)
        text = t("There is no variable “{name}”. There are: {known}.", name=unknown[0], known=known)
        yield Problem("instructions", text)
    if len(definition.starters) > MOST_STARTERS:
        yield Problem("starters", t("At most {count} questions to begin with, one in each line.", count=MOST_STARTERS))
    if any(len(starter) > LONGEST_STARTER for starter in definition.starters):
        yield Problem("starters", _at_most(LONGEST_STARTER))
    yield from _examples(definition)


def _examples(definition: Definition) -> Iterator[Problem]:
    examples = definition.personality.examples
    if any(not example.question.strip() or not example.answer.strip() for example in examples):
        yield Problem("examples", t("An example needs a question and an answer."))
    if len(examples) > MOST_EXAMPLES:
        yield Problem("examples", t("At most {count} examples.", count=MOST_EXAMPLES))
    if any(max(len(example.question), len(example.answer)) > LONGEST_EXAMPLE for example in examples):
        yield Problem(
            "examples",
            _at_most(LONGEST_EXAMPLE),
        )


def _models(definition: Definition, models: Mapping[str, Model]) -> Iterator[Problem]:
    model = models.get(definition.model)
    if definition.model and model is None:
        yield Problem("model", _gone(definition.model))
    if definition.fallback and definition.fallback not in models:
        yield Problem(
            "fallback",
            _gone(definition.fallback),
        )
    elif definition.fallback and definition.fallback == definition.model:
        yield Problem("fallback", t("The model that steps in must be another one than the first."))
    elif definition.fallback and not definition.model:
        yield Problem("fallback", t("Choose a model first: without one, the model of the conversation answers."))
    yield from problems_of(definition.settings, model)
    size = estimate_tokens(definition.instructions)
    if model and model.context_tokens and size > model.context_tokens // 2:
        yield Problem(
            "instructions",
            t("The instructions take more than half of what “{name}” can read at once.", name=model.name),
        )


def _knowledge(definition: Definition) -> Iterator[Problem]:
    knowledge = definition.knowledge
    if len(knowledge.document_ids) > MOST_DOCUMENTS:
        yield Problem("knowledge", t("At most {count} documents can be chosen.", count=MOST_DOCUMENTS))
    if len(knowledge.places.ids) - len(knowledge.document_ids) > MOST_PLACES:
        yield Problem("knowledge", t("At most {count} folders, tags and collections can be chosen.", count=MOST_PLACES))
    if knowledge.scope == "chosen" and knowledge.places == NOWHERE:
        yield Problem("knowledge", t("Please choose what it reads, or let it read all documents or none."))
    if knowledge.scope == "none" and knowledge.citations is CitationPolicy.MUST_CITE:
        yield Problem("knowledge", t("It must cite but reads no documents. Choose some, or let it answer freely."))


def _at_most(count: int) -> Message:
    return t("At most {count} characters.", count=count)


def _gone(model: str) -> Message:
    return t("The model “{name}” is not available to you. Please choose another one.", name=model)


def added_places(before: Definition | None, after: Definition) -> Places:
    """Where a definition looks and the one before it did not."""
    had = before.knowledge.places.ids if before else ()
    return after.knowledge.places.only(set(after.knowledge.places.ids) - set(had))


def reading_only(knowledge: Knowledge, kept: Places) -> Knowledge:
    """What remains of chosen places; with none left it reads nothing, rather than all that there is."""
    if kept != NOWHERE:
        return knowledge.reading(kept)
    citations = CitationPolicy.PREFER if knowledge.citations is CitationPolicy.MUST_CITE else knowledge.citations
    return knowledge.reading(NOWHERE).model_copy(update={"scope": "none", "citations": citations})
