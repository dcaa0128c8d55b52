"""Passages are put into order by a model where a workspace chose one, and stay as they are where that fails."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest_asyncio
from sqlalchemy import text

from convosphere.answers.ranking import best_first
from convosphere.answers.schemas import Brief, SourcesFound
from convosphere.answers.service import answer
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.settings import Settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.search.schemas import FoundPassage
from convosphere.llm.gateway import Gateway
from convosphere.llm.service import offering, providers
from convosphere.llm.service.drafts import ProviderDraft
from convosphere.llm.service.offering import NewModel
from convosphere.llm.service.prices import PriceDraft, set_price
from convosphere.usage.models import Budget
from tests.fixtures.people import People
from tests.integration.knowledge.search.conftest import Library
from tests.integration.llm.conftest import PATIENT
from tests.provider.fixtures import RunningProvider, provider

__all__ = ["provider"]

MODEL = "ours/rank-1"


@pytest_asyncio.fixture
async def gateway(people: People, provider: RunningProvider) -> AsyncIterator[Gateway]:
    """One whose workspace has a model that ranks, and has not chosen it yet."""
    settings = Settings.model_validate({"openai_api_key": "", "provider_hosts": ("127.0.0.1",)})
    async with Gateway(settings, PATIENT) as opened:
        provider_id = await providers.add_provider(people.ada, ProviderDraft("compatible", "Ours", provider.url, "k"))
        await offering.offer_models(people.ada, provider_id, [NewModel("rank-1", "rerank")])
        yield opened


def passages(*texts: str) -> list[FoundPassage]:
    return [
        FoundPassage(
            document_id=new_id(), document_version_id=new_id(), document_name="d", number=number, start=0,
            end=len(each), page=None, heading="", text=each, language="en", score=1.0, raw_score=1.0,
            matched_words=(),
        )
        for number, each in enumerate(texts)
    ]  # fmt: skip


async def ranked(gateway: Gateway, actor: Actor, *texts: str) -> list[str]:
    """The texts in their new order."""
    ranker = await gateway.ranker(actor)
    assert ranker
    return [each.text for each in await best_first(actor, ranker, "What is short?", passages(*texts))]


async def booked(actor: Actor) -> list[tuple[str, str, str, int | None, int | None]]:
    """The calls of the ledger."""
    columns = "purpose, status, error_code, prompt_tokens, cost_nanos"
    async with unit_of_work(actor) as uow:
        found = await uow.session.execute(text(f"SELECT {columns} FROM model_call ORDER BY created_at"))
        return [tuple(row) for row in found]  # pyright: ignore[reportReturnType]


async def test_what_answers_best_comes_first_and_is_booked(people: People, gateway: Gateway) -> None:
    assert await gateway.ranker(people.bob) is None, "nobody chose it"
    await offering.set_default(people.ada, "rerank", MODEL)
    await set_price(people.ada, MODEL, PriceDraft("own", "1", "0"))
    assert await ranked(gateway, people.bob, "long and long", "short", "longer") == ["short", "longer", "long and long"]
    assert await booked(people.bob) == [("rerank", "done", "", 8, 8_000)]
    assert await gateway.ranker(people.zoe) is None, "another workspace chose nothing"


async def test_what_cannot_be_ranked_stays_as_it_was(
    people: People, gateway: Gateway, provider: RunningProvider
) -> None:
    await offering.set_default(people.ada, "rerank", MODEL)
    provider.provider.down = True
    assert await ranked(gateway, people.bob, "the longer", "short") == ["the longer", "short"]
    assert await booked(people.bob) == [("rerank", "failed", "provider_unavailable", None, None)]
    provider.provider.down = False
    async with unit_of_work(people.ada) as uow:
        budget = Budget(
            workspace_id=uow.workspace_id, name="Tight", subject_type="workspace", period="day", unit="tokens",
            amount=1, warn_at=[80],
        )  # fmt: skip
        uow.session.add(budget)
    calls = len(provider.provider.records)
    assert await ranked(gateway, people.bob, "the longer", "short") == ["the longer", "short"]
    assert len(provider.provider.records) == calls, "nobody pays for what no budget allows"


async def test_an_answer_reads_the_best_first(
    people: People, gateway: Gateway, provider: RunningProvider, library: Library
) -> None:
    await library.add(people.ada, "Parrots are loud, parrots are loud, and parrots are colourful.", "Parrots fly.")
    (offered,) = [each.id for each in await providers.list_providers(people.ada) if each.id]
    await offering.offer_models(people.ada, offered, [NewModel("test-echo")])

    async def first_source() -> int:
        async with aclosing(
            answer(people.ada, Brief("What about parrots?", (), "ours/test-echo", "en"), gateway)
        ) as events:
            async for event in events:
                if isinstance(event, SourcesFound):
                    return event.sources[0].end - event.sources[0].start
        raise AssertionError("nothing was found")

    longer = await first_source()
    await offering.set_default(people.ada, "rerank", MODEL)
    assert await first_source() < longer
