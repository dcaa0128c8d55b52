"""Recordings and pictures are read by the models that a workspace chose, paid once, and found with their times."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text

from convosphere.chat.queries.citations import CitationsOfAnswers
from convosphere.core.errors import ConflictError, ForbiddenError, InvalidInputError, UnavailableError
from convosphere.core.i18n import Message
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.bulk import tasks as bulk_tasks
from convosphere.knowledge.bulk.errors import NothingAllowedError
from convosphere.knowledge.citing import provide_citations
from convosphere.knowledge.health import service as health
from convosphere.knowledge.recordings.waiting import read_pictures, read_recordings
from convosphere.knowledge.schemas import DocumentDetail
from convosphere.knowledge.search.service import search_passages
from convosphere.knowledge.service import documents, processing, reading
from convosphere.llm.gateway import Gateway
from convosphere.llm.opening import models_from
from convosphere.llm.routing import Patience
from convosphere.llm.service import offering, prices, providers
from convosphere.llm.service.offering import ModelChange, NewModel
from convosphere.llm.service.prices import PriceDraft
from convosphere.llm.service.readers import NewReaders
from convosphere.usage.errors import BudgetUsedUpError
from convosphere.usage.schemas import PlannedCall, PlannedPrice
from convosphere.usage.service.reserving import reserved
from tests.fixtures.images import picture
from tests.fixtures.people import People
from tests.fixtures.recordings import make_packed, make_wav
from tests.integration.knowledge.conftest import Upload, Work
from tests.integration.llm.test_workspace_models import draft
from tests.integration.usage.test_budgets import add_budget
from tests.provider.fixtures import RunningProvider, provider
from tests.provider.record import Record

__all__ = ["provider"]
provide_citations(CitationsOfAnswers())
assert bulk_tasks, "Imported for its tasks."

SPEECH, EYES = "our-server/whisper-1", "our-server/test-echo"
TALK = make_wav((5.0, 1.0))
QUICK = Patience(first_token=1, next_token=1, total=5, backoff=0.01)


@pytest_asyncio.fixture
async def gateway(people: People, provider: RunningProvider, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gateway]:
    """Two models that are offered, and nobody chosen."""
    monkeypatch.setenv("OPENAI_API_KEY", "")
    monkeypatch.setenv("PROVIDER_HOSTS", "127.0.0.1")
    monkeypatch.setattr(NewReaders, "_listeners", {"speech": read_recordings, "describing": read_pictures})
    get_settings.cache_clear()

    async def open_models() -> None:
        """They are open."""

    async with Gateway(get_settings(), QUICK) as opened:
        provider_id = await providers.add_provider(people.ada, draft(provider))
        names = [NewModel("whisper-1", "speech"), NewModel("tts-1", "speech"), NewModel("test-echo")]
        await offering.offer_models(people.ada, provider_id, names)
        await offering.change_model(people.ada, EYES, ModelChange(capabilities=("vision",)))
        with models_from(open_models):
            yield opened


async def of(actor: Actor, document_id: UUID) -> DocumentDetail:
    return await documents.get_document(actor, document_id)


def words(messages: tuple[Message, ...]) -> str:
    return " ".join(map(str, messages))


async def booked(actor: Actor) -> list[tuple[str, str, str, str, int | None]]:
    """Purpose, status, failure, whose and what it cost, of each call."""
    async with unit_of_work(actor) as uow:
        rows = await uow.session.execute(
            text(
                "SELECT m.purpose, m.status, m.error_code, coalesce(a.name, ''), m.cost_nanos FROM model_call AS m "
                "LEFT JOIN account AS a ON a.id = m.account_id ORDER BY m.created_at"
            )
        )
        return [tuple(row) for row in rows]  # pyright: ignore[reportReturnType]


def heard(provider: RunningProvider) -> list[Record]:
    return [record for record in provider.provider.records if record.path == "/audio/transcriptions"]


def asked(provider: RunningProvider) -> int:
    return len(heard(provider))


def workspace_of(actor: Actor) -> UUID:
    assert actor.workspace_id
    return actor.workspace_id


async def test_a_recording_waits_for_a_model_and_is_found_with_its_time(
    people: People, gateway: Gateway, provider: RunningProvider, add: Upload, work: Work
) -> None:
    del gateway
    added = await add(people.bob, "Talk.wav", TALK)
    await work()
    waiting = await of(people.bob, added.id)
    assert waiting.row.status == "failed"
    assert waiting.row.error
    assert "choose a model for speech" in str(waiting.row.error)
    assert await booked(people.ada) == []

    await offering.set_default(people.ada, "speech", SPEECH)
    await work()
    read = await of(people.bob, added.id)
    assert read.row.status == "ready"
    assert "whisper-1" in words(read.warnings)
    (found,) = await search_passages(people.bob, "What is said of owls at second 4?")
    assert (found.document_name, found.seconds) == ("Talk.wav", 0)
    lines = await reading.list_spoken(people.bob, added.id)
    assert [(line.begins, line.ends, line.text) for line in lines] == [
        (0, 2_000, "At second 0 of this piece owls are talked about.\n"),
        (2_000, 4_000, "At second 2 of this piece owls are talked about.\n"),
        (4_000, 5_000, "At second 4 of this piece owls are talked about."),
    ]
    start = read.characters - 20
    cited = await reading.get_cited_passage(people.bob, read.version_id, start, read.characters)
    assert (cited.seconds, str(cited.whereabouts)) == (4, "At 0:04")
    assert [(each.number, each.seconds) for each in await reading.list_passages(people.bob, added.id)] == [(1, 0)]
    assert await booked(people.ada) == [("speech", "done", "", "Bob", None)], "nobody knows the price of our own server"
    assert asked(provider) == 1


async def test_a_piece_is_paid_once(
    people: People, gateway: Gateway, provider: RunningProvider, add: Upload, work: Work
) -> None:
    del gateway
    for wrong in (PriceDraft("own", "1", "1"), PriceDraft("own", unit="-1")):
        with pytest.raises(InvalidInputError):
            await prices.set_price(people.ada, SPEECH, wrong)
    await prices.set_price(people.ada, SPEECH, PriceDraft("own", unit="0,60", currency="EUR"))
    await offering.set_default(people.ada, "speech", SPEECH)
    for actor, name in ((people.bob, "Talk.wav"), (people.eve, "The same.wav")):
        added = await add(actor, name, TALK)
        await work()
        assert (await of(actor, added.id)).row.status == "ready"
    assert asked(provider) == 1
    assert await booked(people.ada) == [("speech", "done", "", "Bob", 50_000_000)], "five seconds"
    async with unit_of_work(people.ada) as uow:
        assert await uow.session.scalar(text("SELECT currency FROM model_call")) == "EUR"


async def test_a_run_that_breaks_off_goes_on_at_the_next_piece(
    people: People, gateway: Gateway, provider: RunningProvider, add: Upload, work: Work
) -> None:
    del gateway
    await offering.set_default(people.ada, "speech", SPEECH)
    added = await add(people.bob, "Long talk.wav", make_wav((590.0, 1.0), (1.0, 0.0), (20.0, 1.0)))
    provider.provider.speech = "[[delay=0.3]]"
    working = asyncio.ensure_future(work())
    assert await asyncio.to_thread(provider.wait_for, lambda: asked(provider) == 1)
    provider.provider.down = True  # What is asked already is answered.
    await working
    before = await of(people.bob, added.id)
    assert before.row.status == "stored"
    provider.provider.down, provider.provider.speech = False, ""
    system = system_actor(workspace_of(people.bob))
    await processing.process_document(system, added.id, before.version_id, is_last_attempt=True)
    lines = await reading.list_spoken(people.bob, added.id)
    assert [record.body["file"]["seconds"] > 500 for record in heard(provider)].count(True) == 1
    assert lines[-1].begins == pytest.approx(608_000, abs=3_000)
    assert [each[:3] for each in await booked(people.ada)] == [
        ("speech", "done", ""), ("speech", "failed", "provider_unavailable"), ("speech", "done", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "directives", "says"),
    [
        ("a.wav", TALK, "[[status=401]]", "refused our key"),
        ("a.wav", TALK, "[[status=500]]", "does not work at the moment"),
        ("a.wav", TALK, "[[garbage]]", "cannot be read"),
        ("a.wav", TALK, "[[empty]]", "No words were heard"),
        ("a.wav", make_wav((3.0, 0.0)), "", "No words were heard"),
        ("a.mp3", b"ID3" + bytes(500), "", "damaged or incomplete"),
        ("a.wav", b"%PDF-1.7" + bytes(500), "", "the content is something else"),
        ("a.mp4", make_packed("mp4", "aac", (1.0, 1.0), has_picture=True, has_sound=False), "", "has no sound"),
    ],
    ids=["key", "down", "garbage", "empty", "silence", "damaged", "other", "mute"],
)
async def test_what_cannot_be_written_down_says_why(  # noqa: PLR0917  # Of them most are fixtures.
    people: People, gateway: Gateway, provider: RunningProvider, add: Upload, work: Work,
    name: str, data: bytes, directives: str, says: str,
) -> None:  # fmt: skip
    del gateway
    await offering.set_default(people.ada, "speech", SPEECH)
    provider.provider.speech = directives
    added = await add(people.bob, name, data)
    if "500" in directives or "garbage" in directives:  # It would be tried again later.
        detail = await of(people.bob, added.id)
        system = system_actor(workspace_of(people.bob))
        with pytest.raises(UnavailableError):
            await processing.process_document(system, added.id, detail.version_id, is_last_attempt=True)
    else:
        await work()
    detail = await of(people.bob, added.id)
    assert detail.row.status == "failed"
    assert says in str(detail.row.error)
    assert bool(asked(provider)) is bool(directives)


async def test_a_film_whose_model_tells_no_times_has_estimated_ones(
    people: People, gateway: Gateway, provider: RunningProvider, add: Upload, work: Work
) -> None:
    del gateway
    await offering.set_default(people.ada, "speech", SPEECH)
    provider.provider.speech = "[[untimed]]"
    added = await add(people.bob, "Film.webm", make_packed("webm", "libopus", (6.0, 1.0), has_picture=True))
    await work()
    detail = await of(people.bob, added.id)
    assert (detail.row.status, detail.row.media_type) == ("ready", "Video")
    assert "estimated" in words(detail.warnings)
    assert [round(line.begins / 1_000) for line in await reading.list_spoken(people.bob, added.id)] == [0, 2, 4]


async def test_only_what_hears_or_sees_can_be_chosen(people: People, gateway: Gateway) -> None:
    for actor, purpose, model, refusal in (
        (people.bob, "speech", SPEECH, ForbiddenError),
        (people.ada, "speech", "our-server/tts-1", InvalidInputError),
        (people.ada, "speech", EYES, InvalidInputError),
        (people.ada, "describing", SPEECH, InvalidInputError),
    ):
        with pytest.raises(refusal):
            await offering.set_default(actor, purpose, model)
    await offering.set_default(people.ada, "describing", EYES)
    assert await gateway.describer(people.bob)
    await offering.change_model(people.ada, EYES, ModelChange(capabilities=()))
    assert await gateway.describer(people.bob) is None, "it does not see any more"


async def test_a_picture_is_described_once_somebody_may_look(
    people: People, gateway: Gateway, provider: RunningProvider, add: Upload, work: Work
) -> None:
    del gateway
    added = await add(people.bob, "Chart.png", picture())
    await work()
    assert (await of(people.bob, added.id)).row.status == "failed"
    assert not provider.provider.records, "nobody was chosen, so nobody has seen it"

    await offering.set_default(people.ada, "describing", EYES)
    await work()
    detail = await of(people.bob, added.id)
    assert detail.row.status == "ready"
    assert "described by the model test-echo" in words(detail.warnings)
    (passage,) = await reading.list_passages(people.bob, added.id)
    assert (passage.text, passage.is_description) == ("What does this picture show?", True)
    (chat,) = provider.chats()
    assert chat.body["messages"][-1]["content"][0]["image_url"]["url"].startswith("data:image/jpeg;base64,")
    assert [each[:4] for each in await booked(people.ada)] == [("describing", "done", "", "Bob")]
    cited = await reading.get_cited_passage(people.bob, detail.version_id, 0, 10)
    assert "A model says" in str(cited.whereabouts)


async def forget_descriptions(actor: Actor) -> None:
    """As if what is known of the pictures was the text in them."""
    async with unit_of_work(actor) as uow:
        await uow.session.execute(text("UPDATE document_version SET described_from = NULL"))


async def test_a_picture_that_was_read_before_is_described_once_somebody_asks(
    people: People, gateway: Gateway, provider: RunningProvider, add: Upload, work: Work
) -> None:
    del gateway
    await offering.set_default(people.ada, "describing", EYES)
    added = await add(people.ada, "Chart.png", picture())
    await work()
    await forget_descriptions(people.ada)
    before = await of(people.ada, added.id)
    await offering.set_default(people.ada, "describing", "")
    assert (await health.get_health(people.ada)).undescribed == 0, "nobody could describe it"
    with pytest.raises(ConflictError):
        await health.describe_pictures(people.ada)
    with pytest.raises(ForbiddenError):
        await health.describe_pictures(people.bob)

    await offering.set_default(people.ada, "describing", EYES)
    assert (await health.get_health(people.ada)).undescribed == 1
    await add_budget(people.ada, 1)
    await health.describe_pictures(people.ada)
    for _ in range(2):  # The job, and what it began.
        await work()
    kept = await of(people.ada, added.id)
    assert (kept.row.status, kept.version_id) == ("ready", before.version_id), "what could be asked can be all the same"

    async with unit_of_work(people.ada) as uow:
        await uow.session.execute(text("UPDATE budget SET amount = 1000000"))
    await health.describe_pictures(people.ada)
    assert len(await search_passages(people.ada, "What does this picture show?")) == 1, "search goes on"
    for _ in range(2):
        await work()
    with pytest.raises(NothingAllowedError):
        await health.describe_pictures(people.ada)
    detail = await of(people.ada, added.id)
    assert (detail.row.status, detail.version_id == before.version_id) == ("ready", False)
    assert (await health.get_health(people.ada)).undescribed == 0
    (passage,) = await reading.list_passages(people.ada, added.id)
    assert passage.is_description
    cited = await reading.get_cited_passage(people.ada, before.version_id, 0, 10)
    assert "A model says" not in str(cited.whereabouts), "what was cited stays what it was"
    assert len(provider.chats()) == 2


async def test_nobody_looks_where_no_budget_is_left(
    people: People, gateway: Gateway, provider: RunningProvider, add: Upload, work: Work
) -> None:
    del gateway
    await offering.set_default(people.ada, "describing", EYES)
    await add_budget(people.ada, 1)
    added = await add(people.bob, "Chart.png", picture())
    await work()
    detail = await of(people.bob, added.id)
    assert detail.row.status == "failed"
    assert not provider.chats()


async def test_what_is_paid_by_the_second_is_set_aside(people: People) -> None:
    await add_budget(people.ada, 10_000_000, unit="money", currency="USD")
    plan = PlannedCall(0, 0, least_output=0, price=PlannedPrice(0, 0, "USD"), flat_nanos=6_000_000)
    async with reserved(people.bob, plan):
        with pytest.raises(BudgetUsedUpError):
            async with reserved(people.bob, plan):
                pass
