"""What a workspace makes of models: its own providers, who may use what, prices, defaults and fallbacks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from convosphere.core.errors import ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.events import EventHub
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.service import groups
from convosphere.identity.service.grants import GrantKinds, Subject, remove_grant, set_grant
from convosphere.launch.postgres import DatabaseAddresses
from convosphere.llm import gateway as gateways
from convosphere.llm.errors import ModelNotFoundError, ProviderError
from convosphere.llm.errors.setup import AddressRefusedError, ProviderKeyMissingError
from convosphere.llm.gateway import Gateway
from convosphere.llm.prices import cost_nanos
from convosphere.llm.schemas import Finished, ModelChosen, StreamEvent, Usage
from convosphere.llm.service import offering, prices, providers, trials
from convosphere.llm.service.drafts import ProviderDraft
from convosphere.llm.service.offering import ModelChange, NewModel
from convosphere.llm.service.prices import PriceDraft
from convosphere.llm.service.sharing import MODEL_GRANTS
from tests.fixtures.people import People
from tests.fixtures.waiting import PATIENCE
from tests.integration.llm.conftest import PATIENT, ask, collect, open_gateway, text_of
from tests.provider.fixtures import RunningProvider, start_provider

KEY = "sk-workspace-0123456789abcdef"


@pytest.fixture(autouse=True)
def _models_can_be_granted() -> None:
    GrantKinds.register(MODEL_GRANTS)


@asynccontextmanager
async def opened(addresses: DatabaseAddresses, **settings: object) -> AsyncIterator[Gateway]:
    """A gateway that hears of changes, and may call the provider of the tests."""
    values = {"openai_api_key": "", "provider_hosts": ("127.0.0.1",), **settings}
    async with EventHub(addresses.app_url).running(), open_gateway(PATIENT, **values) as gateway:
        yield gateway


def draft(provider: RunningProvider, **values: object) -> ProviderDraft:
    """The provider of the tests as an administrator would enter it."""
    return ProviderDraft(**{"kind": "compatible", "name": "Our Server", "base_url": provider.url, "key": KEY} | values)  # pyright: ignore[reportArgumentType]


async def connected(actor: Actor, provider: RunningProvider, *names: str, **values: object) -> UUID:
    """A provider of the actor's workspace with some models."""
    provider_id = await providers.add_provider(actor, draft(provider, **values))
    await offering.offer_models(actor, provider_id, [NewModel(name) for name in names])
    return provider_id


async def ids(gateway: Gateway, actor: Actor) -> list[str]:
    """What somebody may choose."""
    return [model.id for model in await gateway.models(actor)]


async def until(condition: Callable[[], Awaitable[bool]], wanted: bool) -> None:
    """Return once a condition is as it is wanted: others hear of a change a moment later."""
    async with asyncio.timeout(PATIENCE):
        while await condition() != wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def finished(events: list[StreamEvent]) -> Finished:
    """The last event."""
    assert isinstance(events[-1], Finished)
    return events[-1]


async def test_a_provider_is_added_and_answers(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider
) -> None:
    async with opened(addresses) as gateway:
        await connected(people.ada, provider, "test-echo")
        assert await ids(gateway, people.bob) == ["our-server/test-echo", "reader"]
        assert (await gateway.default_model(people.bob)).id == "our-server/test-echo"
        events = await collect(gateway.stream(people.bob, ask("Hello", "our-server/test-echo")))
    assert text_of(events) == "Hello"
    assert finished(events).usage.cost_nanos is None, "nobody said what it costs, so nobody knows"
    assert provider.chats()[0].authorization == f"Bearer {KEY}"


async def test_another_workspace_has_none_of_it(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider
) -> None:
    async with opened(addresses) as gateway:
        provider_id = await connected(people.ada, provider, "test-echo")
        assert await ids(gateway, people.zoe) == ["reader"]
        with pytest.raises(ModelNotFoundError):
            await collect(gateway.stream(people.zoe, ask("Hello", "our-server/test-echo")))
        for act in (
            providers.delete_provider(people.zoe, provider_id),
            providers.change_provider(people.zoe, provider_id, draft(provider)),
            providers.enable_provider(people.zoe, provider_id, is_enabled=False),
            trials.try_provider(people.zoe, provider_id),
            trials.try_draft(people.zoe, draft(provider, key=""), provider_id),
            offering.offer_models(people.zoe, provider_id, [NewModel("x")]),
            offering.change_model(people.zoe, "our-server/test-echo", ModelChange("Mine")),
            offering.remove_model(people.zoe, "our-server/test-echo"),
            offering.hold_row(people.zoe, "our-server/test-echo"),
            prices.set_price(people.zoe, "our-server/test-echo", PriceDraft("unknown")),
            trials.try_model(people.zoe, "our-server/test-echo"),
        ):
            with pytest.raises(NotFoundError):
                await act
        assert await providers.list_providers(people.zoe) == []
    assert not provider.chats()


async def test_a_member_may_do_nothing_of_it(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider
) -> None:
    async with opened(addresses):
        provider_id = await connected(people.ada, provider, "test-echo")
        for act in (
            providers.list_providers(people.bob),
            providers.add_provider(people.bob, draft(provider)),
            providers.change_provider(people.bob, provider_id, draft(provider)),
            providers.enable_provider(people.bob, provider_id, is_enabled=False),
            providers.delete_provider(people.bob, provider_id),
            trials.try_draft(people.bob, draft(provider)),
            trials.try_provider(people.bob, provider_id),
            trials.try_model(people.bob, "our-server/test-echo"),
            offering.list_offers(people.bob),
            offering.list_defaults(people.bob),
            offering.offer_models(people.bob, provider_id, [NewModel("x")]),
            offering.change_model(people.bob, "our-server/test-echo", ModelChange()),
            offering.open_model(people.bob, "our-server/test-echo", is_restricted=True),
            offering.remove_model(people.bob, "our-server/test-echo"),
            offering.set_default(people.bob, "chat", "our-server/test-echo"),
            offering.hold_row(people.bob, "our-server/test-echo"),
            prices.set_price(people.bob, "our-server/test-echo", PriceDraft("unknown")),
            prices.list_prices(people.bob, "our-server/test-echo"),
        ):
            with pytest.raises(ForbiddenError):
                await act


async def test_a_restricted_model_is_invisible_and_unusable_on_every_path(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider
) -> None:
    async with opened(addresses) as gateway:
        await connected(people.ada, provider, "test-echo", "test-answer")
        secret, other = "our-server/test-echo", "our-server/test-answer"
        await offering.open_model(people.ada, secret, is_restricted=True)
        await offering.set_default(people.ada, "chat", secret)
        await offering.set_default(people.ada, "title", secret)
        await offering.change_model(people.ada, other, ModelChange(fallback_ids=(secret,)))
        assert await ids(gateway, people.bob) == [other, "reader"]
        assert (await gateway.default_model(people.bob)).id == other
        assert (await gateway.default_model(people.bob, "title", instead=other)).id == other
        for refused in (
            gateway.get_model(people.bob, secret),
            gateway.complete(people.bob, ask("Hello", secret)),
            collect(gateway.stream(people.bob, ask("Hello", secret))),
        ):
            with pytest.raises(ModelNotFoundError):
                await refused
        with pytest.raises(ProviderError, match="test-answer"):
            await collect(gateway.stream(people.bob, ask("[[status=500 model=test-answer]]", other)))
        assert not provider.chats("test-echo"), "it does not stand in for another one either"


async def test_a_grant_to_a_group_opens_a_model_and_its_end_closes_it(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider
) -> None:
    async with opened(addresses) as gateway:
        await connected(people.ada, provider, "test-echo")
        model = "our-server/test-echo"
        await offering.open_model(people.ada, model, is_restricted=True)
        row_id = await offering.hold_row(people.ada, model)
        assert people.bob.account_id
        group_id = await groups.create_group(people.ada, "Research")
        await groups.add_people(people.ada, group_id, [people.bob.account_id])
        await set_grant(people.ada, "model", row_id, Subject("group", group_id), "use")

        async def may(actor: Actor) -> bool:
            return model in await ids(gateway, actor)

        await until(lambda: may(people.bob), True)
        assert not await may(people.eve)
        assert not await may(people.ada), "whoever manages models is granted them like everybody else"
        await groups.remove_member(people.ada, group_id, people.bob.account_id)
        await until(lambda: may(people.bob), False)
        await groups.add_people(people.ada, group_id, [people.bob.account_id])
        await until(lambda: may(people.bob), True)
        await remove_grant(people.ada, "model", row_id, Subject("group", group_id))
        await until(lambda: may(people.bob), False)
        for stranger in (people.bob, people.zoe):
            with pytest.raises((ForbiddenError, NotFoundError)):
                await set_grant(stranger, "model", row_id, Subject("everyone"), "use")


async def test_a_call_has_the_price_that_held_when_it_was_made(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider
) -> None:
    async with opened(addresses) as gateway:
        await connected(people.ada, provider, "test-echo")
        model = "our-server/test-echo"

        async def cost() -> tuple[int | None, str]:
            price = (await gateway.get_model(people.bob, model)).price
            return cost_nanos(price, Usage(1_000_000, 100_000)), price.currency if price else "USD"

        assert await cost() == (None, "USD")
        await prices.set_price(people.ada, model, PriceDraft("own", "2,50", "10", currency="EUR"))
        assert await cost() == (3_500_000_000, "EUR")
        later = PriceDraft("own", "5", "20", currency="EUR", valid_from=utc_now() + timedelta(days=1))
        await prices.set_price(people.ada, model, later)
        assert await cost() == (3_500_000_000, "EUR"), "the new price does not hold yet"
        await prices.set_price(people.ada, model, PriceDraft("own", "0", "0", currency="EUR"))
        assert await cost() == (0, "EUR"), "somebody said that it costs nothing"
        await prices.set_price(people.ada, model, PriceDraft("unknown"))
        assert await cost() == (None, "USD")
        history = await prices.list_prices(people.ada, model)
        assert [row.source for row in history] == ["own", "unknown", "own", "own"]
        await prices.set_price(people.ada, model, PriceDraft("own", "1", "2"))
        used = finished(await collect(gateway.stream(people.bob, ask("one two three", model)))).usage
        assert used.cost_nanos == used.prompt_tokens * 1_000 + used.completion_tokens * 2_000
        for wrong in ("-1", "1e3", "x", "", "1.2.3", "999999999"):
            with pytest.raises(InvalidInputError):
                await prices.set_price(people.ada, model, PriceDraft("own", wrong, "1"))


async def test_a_model_of_the_settings_can_be_named_priced_restricted_and_switched_off(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider
) -> None:
    provider.provider.models = ("gpt-4o", "own-model")
    async with opened(addresses, openai_base_url=provider.url, openai_api_key=KEY) as gateway:
        assert await ids(gateway, people.bob) == ["gpt-4o", "own-model", "reader"]
        await offering.change_model(people.ada, "own-model", ModelChange("House model", "leaf", 4096, 512, ("tools",)))
        await prices.set_price(people.ada, "gpt-4o", PriceDraft("own", "1", "1"))
        model = await gateway.get_model(people.bob, "own-model")
        assert (model.name, model.icon, model.context_tokens, model.output_tokens) == ("House model", "leaf", 4096, 512)
        assert model.capabilities == {"tools"}
        priced = await gateway.get_model(people.bob, "gpt-4o")
        assert priced.price
        assert priced.price.input_nanos == 1_000_000_000
        assert (await gateway.get_model(people.zoe, "own-model")).name == "own-model", (
            "another workspace decides itself"
        )
        await offering.open_model(people.ada, "gpt-4o", is_enabled=False)
        await offering.open_model(people.ada, "own-model", is_restricted=True)
        assert await ids(gateway, people.bob) == ["reader"]
        assert await ids(gateway, people.zoe) == ["gpt-4o", "own-model", "reader"]
        with pytest.raises(NotFoundError):
            await offering.remove_model(people.ada, "gpt-4o")
        listed = await providers.list_providers(people.ada)
        assert [(each.name, each.is_of_settings, each.key_end) for each in listed] == [("OpenAI", True, "")]


async def test_chosen_fallbacks_answer_in_their_order_and_nobody_else(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider
) -> None:
    with start_provider(("test-answer",)) as second:
        async with opened(addresses) as gateway:
            await connected(people.ada, provider, "test-echo", "test-fast", name="First")
            await connected(people.ada, second, "test-answer", name="Second")
            await offering.change_model(
                people.ada, "first/test-echo", ModelChange(fallback_ids=("second/test-answer",))
            )
            asked = ask("[[status=500 model=test-echo]]", "first/test-echo")
            events = await collect(gateway.stream(people.bob, asked))
            assert text_of(events)
            chosen = [event.model.id for event in events if isinstance(event, ModelChosen)]
            assert chosen == ["first/test-echo", "second/test-answer"]
            for wrong in ("first/test-echo", "first/gone"):
                with pytest.raises(InvalidInputError):
                    await offering.change_model(people.ada, "first/test-echo", ModelChange(fallback_ids=(wrong,)))
            with pytest.raises(ProviderError):
                await collect(gateway.stream(people.bob, ask("[[status=500]]", "first/test-fast")))
            assert len(second.chats()) == 1, "nobody said that the second provider may stand in for test-fast"
            await offering.remove_model(people.ada, "second/test-answer")
            kept = ModelChange("Echo", fallback_ids=("second/test-answer", "first/test-fast"))
            await offering.change_model(people.ada, "first/test-echo", kept)
            events = await collect(gateway.stream(people.bob, asked))
            chosen = [event.model.id for event in events if isinstance(event, ModelChosen)]
            assert chosen == ["first/test-echo", "first/test-fast"], "the one that is gone is passed over"


async def test_defaults_are_by_purpose(people: People, addresses: DatabaseAddresses, provider: RunningProvider) -> None:
    async with opened(addresses) as gateway:
        provider_id = await connected(people.ada, provider, "test-echo", "test-fast")
        await offering.offer_models(people.ada, provider_id, [NewModel("rank-1", "rerank")])
        await offering.set_default(people.ada, "title", "our-server/test-fast")
        assert (await gateway.default_model(people.bob)).id == "our-server/test-echo"
        assert (await gateway.default_model(people.bob, "title")).id == "our-server/test-fast"
        assert (await gateway.default_model(people.bob, "checking")).id == "our-server/test-echo"
        assert (await gateway.default_model(people.bob, "rerank")).id == "our-server/rank-1"
        assert "our-server/rank-1" not in await ids(gateway, people.bob), "it does not chat"
        with pytest.raises(ModelNotFoundError):
            await gateway.default_model(people.bob, "image")
        for purpose, model in (("title", "our-server/rank-1"), ("rerank", "reader"), ("embedding", "x"), ("x", "")):
            with pytest.raises(InvalidInputError):
                await offering.set_default(people.ada, purpose, model)
        assert await gateway.ranker(people.bob) is None, "nothing ranks unless it is chosen"
        await offering.set_default(people.ada, "rerank", "our-server/rank-1")
        ranker = await gateway.ranker(people.bob)
        assert ranker
        relevances, usage = await ranker.rank("which", ["a long one", "short"])
        assert relevances[1] > relevances[0]
        assert usage.prompt_tokens == 5
        await offering.set_default(people.ada, "title", "")
        assert (await gateway.default_model(people.bob, "title", instead="reader")).is_reader
        await providers.delete_provider(people.ada, provider_id)
        assert await ids(gateway, people.bob) == ["reader"]
        assert await offering.list_defaults(people.ada) == {}


async def test_a_trial_says_what_is_wrong_and_what_to_do(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider
) -> None:
    provider.provider.key = KEY
    async with opened(addresses):
        wrong = await trials.try_draft(people.ada, draft(provider, key="sk-wrong-0123456789"))
        assert wrong.problem
        assert "key" in str(wrong.problem)
        assert wrong.advice
        assert "Check the key" in str(wrong.advice)
        assert "sk-wrong" not in repr(wrong)
        right = await trials.try_draft(people.ada, draft(provider))
        assert "test-echo" in [model.name for model in right.models]
        nobody = await trials.try_draft(people.ada, draft(provider, base_url="http://127.0.0.1:9/v1"))
        assert nobody.advice
        assert "Nobody answers" in str(nobody.advice)
        provider_id = await connected(people.ada, provider, "test-echo")
        assert not (await trials.try_provider(people.ada, provider_id)).problem
        moved = draft(provider, base_url="http://127.0.0.1:9/v1", key="")
        refused = await trials.try_draft(people.ada, moved, provider_id)
        assert "key is needed again" in str(refused.problem)
        with pytest.raises(InvalidInputError, match="key is needed again"):
            await providers.change_provider(people.ada, provider_id, moved)
        answer = await trials.try_model(people.ada, "our-server/test-echo")
        assert answer.text
        provider.provider.key = "another"
        assert "key" in str((await trials.try_model(people.ada, "our-server/test-echo")).problem)
        async with unit_of_work(people.ada) as uow:
            booked = await uow.session.execute(text("SELECT purpose, status FROM model_call ORDER BY created_at"))
            assert [tuple(row) for row in booked] == [("test", "done"), ("test", "failed")]


async def test_the_key_is_nowhere_but_sealed(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider, capsys: pytest.CaptureFixture[str]
) -> None:
    async with opened(addresses) as gateway:
        provider_id = await connected(people.ada, provider, "test-echo")
        await trials.try_provider(people.ada, provider_id)
        await collect(gateway.stream(people.bob, ask("Hello", "our-server/test-echo")))
        await providers.change_provider(people.ada, provider_id, draft(provider, key=""))
        (view,) = await providers.list_providers(people.ada)
        assert (view.has_key, view.key_end) == (True, KEY[-4:])
        assert KEY not in repr(view) + repr(draft(provider)) + repr(gateway.connector)
        async with unit_of_work(people.ada) as uow:
            for table in ("model_provider", "audit_entry", "offered_model", "model_call"):
                rows = await uow.session.execute(text(f"SELECT t::text FROM {table} AS t"))
                assert KEY not in "".join(row[0] for row in rows)
            sealed = await uow.session.scalar(text("SELECT sealed_key FROM model_provider"))
            assert KEY.encode() not in bytes(sealed)
    said = capsys.readouterr()
    assert KEY not in said.out + said.err


REFUSED = (
    "http://127.0.0.1:8080/v1", "https://127.0.0.1/v1", "http://localhost:11434", "https://localhost",
    "http://[::1]:8080", "https://[::ffff:127.0.0.1]/v1", "https://[::ffff:7f00:1]/v1", "http://169.254.169.254/latest",
    "https://169.254.169.254/", "https://[fe80::1]/v1", "https://[fd00:ec2::254]/v1", "http://10.0.0.5:11434",
    "https://192.168.1.10/v1", "https://172.16.3.4", "https://100.64.0.1", "https://0.0.0.0", "https://0x7f.1/v1",
    "https://2130706433/", "https://127.1/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[::]/",
    "http://ollama:11434", "http://models.example.org/v1", "ftp://models.example.org", "file:///etc/passwd",
    "https://user:secret@models.example.org", "https://models.example.org\\@127.0.0.1/", "https://①②⑦.0.0.1/", "",
    "javascript:alert(1)", "https://models.example.org/v1?x=1", "https://224.0.0.1", "https://255.255.255.255",
)  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
async def test_an_address_inside_or_none_is_refused(people: People, addresses: DatabaseAddresses, address: str) -> None:
    async with opened(addresses, provider_hosts=()):
        with pytest.raises(AddressRefusedError):
            await providers.add_provider(people.ada, ProviderDraft("compatible", base_url=address, key=KEY))
        trial = await trials.try_draft(people.ada, ProviderDraft("compatible", base_url=address, key=KEY))
        assert trial.problem


async def test_a_closed_address_is_told_with_what_opens_it(people: People, addresses: DatabaseAddresses) -> None:
    async with opened(addresses, provider_hosts=()):
        with pytest.raises(AddressRefusedError, match=r"PROVIDER_HOSTS=127\.0\.0\.1:11434"):
            await providers.add_provider(people.ada, ProviderDraft("ollama", base_url="http://127.0.0.1:11434"))


async def test_a_name_that_leads_inside_later_is_not_followed(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider
) -> None:
    async with opened(addresses, provider_hosts=("localhost",)) as gateway:
        port = provider.url.rpartition(":")[2]
        await connected(people.ada, provider, "test-echo", base_url=f"http://localhost:{port}")
        await collect(gateway.stream(people.bob, ask("Hello", "our-server/test-echo")))
    before = len(provider.provider.records)
    async with opened(addresses, provider_hosts=("169.254.0.0/16",)) as gateway:
        assert await ids(gateway, people.bob) == ["reader"], "what is listed no longer is not called"
        (view,) = await providers.list_providers(people.ada)
        assert view.problem
        assert "PROVIDER_HOSTS" in str(view.problem)
    assert len(provider.provider.records) == before


async def test_a_provider_that_leads_elsewhere_is_not_followed(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider
) -> None:
    with start_provider() as elsewhere:
        provider.provider.redirect = elsewhere.url
        async with opened(addresses):
            assert (await trials.try_draft(people.ada, draft(provider))).problem
        assert not elsewhere.provider.records


async def test_a_provider_without_a_key_or_with_nonsense_is_refused(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider
) -> None:
    async with opened(addresses):
        with pytest.raises(ProviderKeyMissingError):
            await providers.add_provider(people.ada, ProviderDraft("openai"))
        for wrong in (
            ProviderDraft("nobody"),
            ProviderDraft("bedrock", key=KEY, region="evil.example.org/"),
            draft(provider, key="two words"),
            draft(provider, key="line\nbreak"),
            draft(provider, parallel_limit=0),
            draft(provider, requests_per_minute=-1),
        ):
            with pytest.raises(InvalidInputError):
                await providers.add_provider(people.ada, wrong)
        provider_id = await connected(people.ada, provider)
        for name in ("", " ", "x" * 201, "a\nb"):
            with pytest.raises(InvalidInputError):
                await offering.offer_models(people.ada, provider_id, [NewModel(name)])
        with pytest.raises(InvalidInputError):
            await offering.offer_models(people.ada, provider_id, [NewModel("a", "tool")])


async def test_two_providers_of_one_name_have_models_of_their_own(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider
) -> None:
    async with opened(addresses) as gateway:
        first = await connected(people.ada, provider, "test-echo")
        await connected(people.ada, provider, "test-echo")
        assert await ids(gateway, people.bob) == ["our-server/test-echo", "our-server-2/test-echo", "reader"]
        await providers.enable_provider(people.ada, first, is_enabled=False)
        assert await ids(gateway, people.bob) == ["our-server-2/test-echo", "reader"]
        assert await offering.offer_models(people.ada, first, [NewModel("test-echo"), NewModel("test-fast")]) == 1


async def test_who_chooses_a_model_has_loaded_what_it_needs(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = asyncio.Event()

    async def load() -> None:
        loaded.set()

    monkeypatch.setattr(gateways, "load_litellm", load)
    monkeypatch.setattr(gateways, "LOAD_AFTER_SECONDS", 0.0)
    async with opened(addresses) as gateway:
        await connected(people.ada, provider, "model-1")
        await gateway.models(people.bob)
        await gateway.models(people.zoe)
        await asyncio.sleep(0)
        assert not loaded.is_set(), "what speaks OpenAI's interface needs nothing"
        await connected(people.zoe, provider, "claude-4", kind="anthropic", base_url="")
        await gateway.models(people.bob)
        await asyncio.sleep(0)
        assert not loaded.is_set(), "others' models are none of theirs"
        await gateway.models(people.zoe)
        async with asyncio.timeout(PATIENCE):
            await loaded.wait()


async def test_a_question_asks_the_database_nothing_of_models(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(addresses) as gateway:
        await connected(people.ada, provider, "test-echo")
        asked: list[Actor] = []

        def counted(actor: Actor) -> AbstractAsyncContextManager[UnitOfWork]:
            asked.append(actor)
            return unit_of_work(actor)

        monkeypatch.setattr("convosphere.llm.workspaces.unit_of_work", counted)

        async def asks_nothing() -> bool:
            asked.clear()
            await collect(gateway.stream(people.bob, ask("Hello", "our-server/test-echo")))
            return not asked

        await until(asks_nothing, True)


async def test_a_provider_made_anew_does_not_take_over_what_another_cost(
    people: People, addresses: DatabaseAddresses, provider: RunningProvider
) -> None:
    async with opened(addresses) as gateway:
        provider_id, model = await connected(people.ada, provider, "test-echo"), "our-server/test-echo"
        await prices.set_price(people.ada, model, PriceDraft("own", "1", "2"))
        later = PriceDraft("own", "5", "20", valid_from=utc_now() + timedelta(days=1))
        await prices.set_price(people.ada, model, later)
        await providers.delete_provider(people.ada, provider_id)
        await connected(people.ada, provider, "test-echo")
        assert (await gateway.get_model(people.bob, model)).price is None
        assert [row.source for row in await prices.list_prices(people.ada, model)] == ["list", "own"]
