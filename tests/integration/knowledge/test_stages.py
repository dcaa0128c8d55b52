"""The ledger says of each stage how it stands, how much it is, how long it took and how often it was tried."""

import pytest
from sqlalchemy import text

from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.ledger.schemas import Stage, StageRow, StageState
from convosphere.knowledge.queries import processing as queries
from convosphere.knowledge.schemas import UploadedDocument
from convosphere.knowledge.service import documents, processing
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work

TEXT = b"# Holidays\n\nEverybody has thirty days of holiday a year.\n"


async def stages_of(actor: Actor, uploaded: UploadedDocument) -> dict[Stage, StageRow]:
    return {row.stage: row for row in (await documents.get_document(actor, uploaded.id)).stages}


async def test_all_stages_of_a_document(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.bob, "holidays.md", TEXT)
    waiting = await stages_of(people.bob, uploaded)
    assert (waiting[Stage.STORE].state, waiting[Stage.STORE].amount) == (StageState.DONE, len(TEXT))
    assert {waiting[stage].state for stage in Stage if stage is not Stage.STORE} == {StageState.WAITING}

    await work()
    done = await stages_of(people.bob, uploaded)
    assert list(done) == list(Stage)
    assert {row.state for row in done.values()} == {StageState.DONE, StageState.UNNEEDED}
    assert [done[stage].amount for stage in (Stage.READ, Stage.CHUNK, Stage.INDEX)] == [len(TEXT) - 1, 1, 1]
    assert done[Stage.READ].milliseconds is not None
    assert done[Stage.READ].attempts == 1


async def test_a_failure_and_its_next_attempt_are_entered(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.bob, "broken.pdf", b"%PDF-1.7 nothing more")
    await work()
    read = (await stages_of(people.bob, uploaded))[Stage.READ]
    assert (read.state, read.attempts) == (StageState.FAILED, 1)
    assert "damaged" in str(read.error)

    await documents.retry_document(people.bob, uploaded.id)
    assert (await stages_of(people.bob, uploaded))[Stage.READ].state is StageState.WAITING
    await work()
    assert (await stages_of(people.bob, uploaded))[Stage.READ].attempts == 2


async def test_poison_is_set_aside_and_can_be_tried_again(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.bob, "poison.md", TEXT)
    version_id = (await documents.get_document(people.bob, uploaded.id)).version_id
    worker = system_actor(people.bob.workspace_id)  # pyright: ignore[reportArgumentType]
    for _ in range(processing.MOST_INTERRUPTIONS):
        async with unit_of_work(worker) as uow:
            assert await queries.claim(uow, uploaded.id, version_id)
        assert (await stages_of(people.bob, uploaded))[Stage.READ].state is StageState.RUNNING
        async with unit_of_work(people.bob) as uow:  # It was killed.
            await uow.session.execute(text("UPDATE document SET run_until = now() - interval '1 second'"))
    await work()
    read = (await stages_of(people.bob, uploaded))[Stage.READ]
    assert (read.state, read.attempts) == (StageState.QUARANTINED, processing.MOST_INTERRUPTIONS)

    await documents.retry_document(people.bob, uploaded.id)
    await work()
    read = (await stages_of(people.bob, uploaded))[Stage.READ]
    assert (read.state, read.attempts) == (StageState.DONE, processing.MOST_INTERRUPTIONS + 1)


async def test_the_ledger_goes_with_its_document(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.bob, "holidays.md", TEXT)
    await work()
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(text("DELETE FROM document WHERE id = :id"), {"id": uploaded.id})
        assert await uow.session.scalar(text("SELECT count(*) FROM document_stage")) == 0


@pytest.mark.parametrize("name", ["list.csv", "data.json", "page.xml", "program.py"])
async def test_each_kind_comes_to_its_reader(people: People, add: Upload, work: Work, name: str) -> None:
    content = {
        "list.csv": b"Name,Town\nEva,Ulm\n",
        "data.json": b'{"town": "Ulm"}',
        "page.xml": b"<a><town>Ulm</town></a>",
    }
    uploaded = await add(people.bob, name, content.get(name, b"def town():\n    return 'Ulm'\n"))
    await work()
    assert (await documents.get_document(people.bob, uploaded.id)).row.status == "ready"
