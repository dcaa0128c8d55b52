"""How an answer comes about."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from convosphere.answers.attached import for_model
from convosphere.answers.context import build_prompt, room_for, select_passages
from convosphere.answers.ranking import MOST_RANKED, best_first
from convosphere.answers.schemas import AnswerEvent, Brief, PromptBuilt, Source, SourcesFound
from convosphere.core.permissions import Actor
from convosphere.knowledge.places.schemas import NOWHERE
from convosphere.knowledge.search.schemas import FoundPassage
from convosphere.knowledge.search.service import search_passages
from convosphere.llm.gateway import Gateway
from convosphere.llm.ranking import Ranker
from convosphere.llm.schemas import CompletionRequest, Passage
from convosphere.llm.tokenizers import counter_of

SHORT_QUESTION_WORDS = 4
FROM_ATTACHED = 8
"""Passages of what came with the conversation, at most."""


async def answer(actor: Actor, brief: Brief, gateway: Gateway) -> AsyncGenerator[AnswerEvent, None]:
    """Find passages that the actor may see, ask the model, and stream what it says.

    Raises:
        ContextFullError: the history does not fit, and the brief wants to be asked then.
        ProviderError: no model answered, or one stopped in the middle.
    """
    model = await gateway.get_model(actor, brief.model)
    room, count = room_for(model, brief), counter_of(model.id)
    brief = for_model(brief, model)
    ranker = None if model.is_reader else await gateway.ranker(actor)  # The Reader ranks by itself, and tells nobody.
    found = await _search(actor, brief, ranker)
    candidates = [_passage(number, hit) for number, hit in enumerate(found, start=1)]
    passages = select_passages(candidates, room.prompt, count)
    prompt = build_prompt(brief, passages, room, count)
    if passages:
        yield SourcesFound(tuple(_source(number, hit) for number, hit in enumerate(found[: len(passages)], start=1)))
    yield PromptBuilt(prompt.use, prompt.left_out)
    request = CompletionRequest(
        model=brief.model,
        messages=prompt.messages,
        question=brief.question,
        passages=passages,
        locale=brief.locale,
        parameters=brief.parameters,
        stand_in=brief.fallback,
        no_dearer=brief.no_dearer,
    )
    async with aclosing(gateway.stream(actor, request)) as events:
        async for event in events:
            yield event


async def _search(actor: Actor, brief: Brief, ranker: Ranker | None) -> list[FoundPassage]:
    """Passages of what came with the conversation first, then of everything else that is looked in."""
    scope, text = brief.knowledge, _search_text(brief)
    first: list[FoundPassage] = []
    if brief.searched_first != NOWHERE:
        first = await search_passages(actor, text, limit=FROM_ATTACHED, places=brief.searched_first, with_attached=True)
    if scope.is_empty:
        return first
    limit = max(scope.most_passages, MOST_RANKED) if ranker else scope.most_passages
    found = await search_passages(actor, text, limit=limit, places=scope.places)
    if ranker:
        found = (await best_first(actor, ranker, text, found))[: scope.most_passages]
    taken = {(hit.document_version_id, hit.number) for hit in first}
    return [*first, *(hit for hit in found if (hit.document_version_id, hit.number) not in taken)]


def _search_text(brief: Brief) -> str:
    """A follow-up as it was rewritten; else a short one, "and in Berlin?", together with the question before it."""
    if brief.search_text:
        return brief.search_text
    if len(brief.question.split()) > SHORT_QUESTION_WORDS:
        return brief.question
    earlier = [message.text for message in brief.history if message.role == "user"]
    return f"{brief.question} {earlier[-1]}" if earlier else brief.question


def _passage(number: int, hit: FoundPassage) -> Passage:
    return Passage(
        number, hit.document_name, hit.page, hit.text, hit.language, hit.score, hit.matched_words, hit.seconds
    )


def _source(number: int, hit: FoundPassage) -> Source:
    return Source(
        number, hit.document_id, hit.document_version_id, hit.document_name, hit.start, hit.end, hit.page, hit.seconds
    )
