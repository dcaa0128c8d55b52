"""Pictures for assistants, made by the model that a workspace chose: paid once, and never more than may be spent."""

from collections.abc import AsyncIterator
from contextlib import nullcontext

import pytest
import pytest_asyncio
from sqlalchemy import text

from convosphere.assistants.errors import AssistantNotFoundError
from convosphere.assistants.schemas import OWN_PICTURE
from convosphere.assistants.service import drawing, pictures
from convosphere.core.errors import ConflictError, InvalidInputError
from convosphere.core.permissions import Actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.llm.drawing import MOST_TOKENS
from convosphere.llm.errors import ProviderError, ProviderUnreadableError
from convosphere.llm.gateway import Gateway
from convosphere.llm.service import offering, prices, providers
from convosphere.llm.service.offering import NewModel
from convosphere.llm.service.prices import PriceDraft
from convosphere.usage.errors import BudgetUsedUpError
from tests.fixtures.people import People
from tests.integration.knowledge.test_recordings_read import QUICK, booked
from tests.integration.llm.test_workspace_models import draft
from tests.integration.usage.test_budgets import add_budget
from tests.provider.fixtures import RunningProvider
from tests.provider.record import Record

PAINTER = "our-server/dall-e-3"
PRICE = 40_000_000


@pytest_asyncio.fixture
async def painter(people: People, provider: RunningProvider, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """A model that makes pictures, for 4 cents each, is offered and chosen."""
    monkeypatch.setenv("OPENAI_API_KEY", "")
    monkeypatch.setenv("PROVIDER_HOSTS", "127.0.0.1")
    get_settings.cache_clear()
    async with Gateway(get_settings(), QUICK):
        provider_id = await providers.add_provider(people.ada, draft(provider))
        await offering.offer_models(people.ada, provider_id, [NewModel("dall-e-3", "image"), NewModel("test-echo")])
        await prices.set_price(people.ada, PAINTER, PriceDraft("own", unit="0.04", currency="EUR"))
        await offering.set_default(people.ada, "image", PAINTER)
        yield


async def pay_by_tokens(actor: Actor) -> None:
    """As the price list says of some models: 5 euros a million tokens that it reads, and 40 for those of a picture."""
    async with unit_of_work(actor) as uow:
        changed = "UPDATE model_price SET picture_nanos = NULL, input_nanos = 5e9, output_nanos = 40e9"
        await uow.session.execute(text(changed))
    await offering.set_default(actor, "image", PAINTER)


def asked(provider: RunningProvider) -> list[Record]:
    return [record for record in provider.provider.records if record.path == "/images/generations"]


@pytest.mark.usefixtures("painter")
async def test_a_picture_is_made_kept_and_paid(people: People, provider: RunningProvider) -> None:
    offer = await drawing.get_offer(people.bob)
    assert offer == drawing.DrawingOffer("dall-e-3", PRICE, "EUR")
    icon = await drawing.draw_picture(people.bob, "  A lighthouse\n")
    digest = icon.removeprefix(OWN_PICTURE)
    assert await pictures.get_picture(people.bob, digest)
    with pytest.raises(AssistantNotFoundError):
        await pictures.get_picture(people.eve, digest)
    (record,) = asked(provider)
    assert record.body["prompt"].endswith("It shows: A lighthouse")
    assert await booked(people.ada) == [("image", "done", "", "Bob", PRICE)]


@pytest.mark.usefixtures("painter")
async def test_a_model_is_chosen_for_it_by_an_administrator(people: People, provider: RunningProvider) -> None:
    with pytest.raises(InvalidInputError):
        await offering.set_default(people.ada, "image", "our-server/test-echo")
    await offering.open_model(people.ada, PAINTER, is_restricted=True)
    assert await drawing.get_offer(people.bob) is None
    await offering.open_model(people.ada, PAINTER, is_restricted=False)
    await offering.set_default(people.ada, "image", "")
    assert await drawing.get_offer(people.bob) is None
    with pytest.raises(ConflictError):
        await drawing.draw_picture(people.bob, "A lighthouse")
    assert not asked(provider)


@pytest.mark.usefixtures("painter")
async def test_nothing_is_asked_that_a_budget_does_not_hold(people: People, provider: RunningProvider) -> None:
    await add_budget(people.ada, 60_000_000, unit="money", currency="EUR")
    await drawing.draw_picture(people.bob, "A lighthouse")
    with pytest.raises(BudgetUsedUpError):
        await drawing.draw_picture(people.bob, "Another lighthouse")
    assert len(asked(provider)) == 1


@pytest.mark.usefixtures("painter")
async def test_what_fails_is_booked_and_costs_only_what_was_made(people: People) -> None:
    await add_budget(people.ada, 90_000_000, unit="money", currency="EUR")
    with pytest.raises(ProviderError):
        await drawing.draw_picture(people.bob, "[[filtered]] A lighthouse")
    with pytest.raises(ProviderUnreadableError):
        await drawing.draw_picture(people.bob, "[[empty]] A lighthouse")
    await drawing.draw_picture(people.bob, "A lighthouse")
    assert [(each[1], each[4]) for each in await booked(people.ada)] == [
        ("failed", None), ("failed", PRICE), ("done", PRICE),
    ]  # fmt: skip


@pytest.mark.usefixtures("painter")
@pytest.mark.parametrize("fault", ["", "[[empty]] "])
async def test_a_picture_whose_use_nobody_tells_counts_in_budgets(
    people: People, provider: RunningProvider, fault: str
) -> None:
    await pay_by_tokens(people.ada)
    await add_budget(people.ada, 600_000_000, unit="money", currency="EUR")
    await add_budget(people.ada, 15_000, unit="tokens")
    with pytest.raises(ProviderUnreadableError) if fault else nullcontext():
        await drawing.draw_picture(people.bob, f"{fault}A lighthouse")
    async with unit_of_work(people.ada) as uow:
        told = await uow.session.execute(text("SELECT cost_nanos, counted_nanos, counted_tokens FROM model_call"))
        ((cost, counted, tokens),) = told.all()
    assert cost is None
    assert tokens > MOST_TOKENS
    assert counted == 5_000 * (tokens - MOST_TOKENS) + 40_000 * MOST_TOKENS
    with pytest.raises(BudgetUsedUpError):
        await drawing.draw_picture(people.bob, "Another lighthouse")
    assert len(asked(provider)) == 1


@pytest.mark.usefixtures("painter")
async def test_a_picture_whose_use_is_told_costs_that(people: People) -> None:
    await pay_by_tokens(people.ada)
    await add_budget(people.ada, 600_000_000, unit="money", currency="EUR")
    await drawing.draw_picture(people.bob, "[[formless]] A lighthouse")
    assert await booked(people.ada) == [("image", "done", "", "Bob", 5_000 * 60 + 40_000 * 1_000)]


@pytest.mark.usefixtures("painter")
@pytest.mark.parametrize("wish", ["", " \n ", "x" * 501])
async def test_a_wish_is_some_words(people: People, provider: RunningProvider, wish: str) -> None:
    with pytest.raises(InvalidInputError):
        await drawing.draw_picture(people.bob, wish)
    assert not asked(provider)
