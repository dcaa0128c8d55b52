"""Models that people want to find first: their own stars, on what they may choose now."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from convosphere.core.errors import ForbiddenError
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.models import Membership
from convosphere.launch.postgres import DatabaseAddresses
from convosphere.llm.errors import ModelNotFoundError
from convosphere.llm.models import ModelFavourite
from convosphere.llm.service import offering, providers
from convosphere.llm.service.favourites import list_favourites, set_favourite
from tests.fixtures.people import People
from tests.integration.llm.test_workspace_models import connected, opened
from tests.provider.fixtures import RunningProvider

ECHO, ANSWER = "our-server/test-echo", "our-server/test-answer"


async def star(actor: Actor, model: str, *, is_favourite: bool = True) -> None:
    await set_favourite(actor, model, is_favourite=is_favourite)


async def test_a_star_is_ones_own_and_of_one_workspace(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider
) -> None:
    bob = people.bob
    async with opened(addresses):
        await connected(people.ada, provider, "test-echo", "test-answer")
        for model in ("reader", ANSWER, ECHO, ECHO):
            await star(bob, model)
        assert await list_favourites(bob) == [ECHO, ANSWER, "reader"], "in the order of the picker"
        await star(bob, ANSWER, is_favourite=False)
        assert await list_favourites(bob) == [ECHO, "reader"]
        assert await list_favourites(people.eve) == []
        assert await list_favourites(replace(bob, workspace_id=people.zoe.workspace_id)) == []
        with pytest.raises(ModelNotFoundError):
            await star(people.zoe, ECHO)
        with pytest.raises(ForbiddenError):
            await star(replace(bob, permissions=bob.permissions - {Permission.ACCOUNT_WRITE}), ANSWER)

        async with unit_of_work(people.ada) as uow:
            await uow.session.execute(delete(Membership).where(col(Membership.account_id) == bob.account_id))
        async with unit_of_work(people.ada) as uow:
            assert not list(await uow.session.scalars(select(ModelFavourite))), "gone with whoever leaves"


async def test_a_model_that_may_be_chosen_again_is_a_favourite_again(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider
) -> None:
    bob = people.bob
    async with opened(addresses):
        provider_id = await connected(people.ada, provider, "test-echo")
        await star(bob, ECHO)
        await offering.open_model(people.ada, ECHO, is_restricted=True)
        assert await list_favourites(bob) == []
        for is_favourite in (True, False):
            with pytest.raises(ModelNotFoundError):
                await star(bob, ECHO, is_favourite=is_favourite)
        await offering.open_model(people.ada, ECHO, is_restricted=False)
        assert await list_favourites(bob) == [ECHO]
        await providers.delete_provider(people.ada, provider_id)
        assert await list_favourites(bob) == []
        await connected(people.ada, provider, "test-echo")
        assert await list_favourites(bob) == [ECHO]
