"""What people call things is one line in which nothing hides, turns or breaks what stands around it."""

from convosphere.launch.postgres import DatabaseAddresses
from convosphere.llm.service import offering, providers
from convosphere.llm.service.drafts import ProviderDraft
from convosphere.llm.service.offering import ModelChange, NewModel
from convosphere.templates.schemas import Definition, TemplateQuery
from convosphere.templates.service import templates
from convosphere.usage.schemas import BudgetDraft
from convosphere.usage.service import managing
from tests.fixtures.people import People
from tests.integration.llm.test_workspace_models import opened

HOSTILE = " Invoice\u202e\n fdp\x00\x1b.exe\u2067\U000e0041 "
PLAIN = "Invoice fdp.exe"


async def test_names_of_providers_and_models(people: People, addresses: DatabaseAddresses) -> None:
    async with opened(addresses, provider_hosts=()) as gateway:
        provider_id = await providers.add_provider(people.ada, ProviderDraft("anthropic", HOSTILE, key="a-long-key"))
        await offering.offer_models(people.ada, provider_id, [NewModel("claude-test")])
        model, _reader = await gateway.models(people.ada)
        await offering.change_model(people.ada, model.id, ModelChange(display_name=HOSTILE))
        (provider,) = await providers.list_providers(people.ada)
        model, _reader = await gateway.models(people.ada)
    assert (provider.name, model.name) == (PLAIN, PLAIN)


async def test_names_of_budgets(people: People) -> None:
    draft = BudgetDraft(HOSTILE, "workspace", None, False, "month", "tokens", "", 1_000, (), True)
    await managing.create_budget(people.ada, draft)
    (budget,) = await managing.list_budgets(people.ada)
    assert budget.name == PLAIN


async def test_names_of_templates(people: People) -> None:
    await templates.create_template(people.bob, Definition(name=HOSTILE, description=HOSTILE))
    (row,) = (await templates.list_templates(people.bob, TemplateQuery())).rows
    assert (row.name, row.description) == (PLAIN, PLAIN)
