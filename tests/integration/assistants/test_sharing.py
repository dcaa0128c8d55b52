"""The rule of grants as text says the same as the rule as an expression, whatever was granted and denied."""

import random
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from convosphere.assistants.kind import ASSISTANTS
from convosphere.assistants.models import Assistant
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.creations.service.sharing import grants_of
from convosphere.identity.grants import LEVELS, access_text, may_access
from convosphere.identity.service import groups
from convosphere.identity.service.grants import EVERYONE, GrantKinds, Subject, set_grant
from tests.fixtures.people import People
from tests.integration.assistants.test_assistants import make

pytestmark = pytest.mark.usefixtures("host")
GrantKinds.register(grants_of(ASSISTANTS))
THINGS = 12


async def seen(actor: Actor) -> tuple[dict[str, set[UUID]], dict[str, set[UUID]]]:
    """What each level lets somebody do, by the text and by the expression."""
    by_text: dict[str, set[UUID]] = {}
    by_expression: dict[str, set[UUID]] = {}
    async with unit_of_work(actor) as uow:
        for level in LEVELS:
            rule = access_text("assistant", "a.id", "a.owner_id", level)
            rows = await uow.session.scalars(
                text(f"SELECT a.id FROM assistant AS a WHERE {rule}"), {"account_id": actor.account_id}
            )
            by_text[level] = set(rows)
            may = may_access(actor, "assistant", col(Assistant.id), col(Assistant.owner_id), level)
            by_expression[level] = set(await uow.session.scalars(select(col(Assistant.id)).where(may)))
    return by_text, by_expression


@pytest.mark.parametrize("seed", range(3))
async def test_both_forms_of_the_rule_agree(people: People, seed: int) -> None:
    chance = random.Random(seed)
    ada, bob, eve = people.ada, people.bob, people.eve
    group_id = await groups.create_group(ada, "Team")
    assert bob.account_id
    await groups.add_people(ada, group_id, [bob.account_id])
    subjects = [EVERYONE, Subject("group", group_id), Subject("person", bob.account_id)]
    subjects.append(Subject("person", eve.account_id))
    for _ in range(THINGS):
        assistant_id = await make(ada)
        for subject in chance.sample(subjects, chance.randint(0, 3)):
            is_deny = subject is not EVERYONE and chance.random() < 0.4
            await set_grant(ada, "assistant", assistant_id, subject, chance.choice(LEVELS), is_deny=is_deny)
    for actor in (ada, bob, eve, people.zoe):
        by_text, by_expression = await seen(actor)
        assert by_text == by_expression
    assert (await seen(people.zoe))[0]["view"] == set()
    assert 0 < len((await seen(bob))[0]["view"]) <= THINGS
