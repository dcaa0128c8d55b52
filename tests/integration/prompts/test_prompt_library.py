"""Keeping, finding, sharing and putting away prompts: who may do what, and what stays of it."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text

from convosphere.core.errors import ForbiddenError, NotFoundError
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.creations.service import keeping
from convosphere.creations.service.leaving import CreationsOfPerson
from convosphere.creations.service.sharing import grants_of
from convosphere.identity.grants import Level
from convosphere.identity.roles import PERMISSIONS, Role
from convosphere.identity.service.grants import EVERYONE, GrantKinds, Subject, set_grant
from convosphere.prompts.errors import PromptChangedError, PromptNotFoundError, PromptRefusedError
from convosphere.prompts.kind import PROMPTS
from convosphere.prompts.schemas import Definition, PromptQuery, Variable
from convosphere.prompts.service import prompts
from tests.fixtures.people import People

GrantKinds.register(grants_of(PROMPTS))

LETTER = Definition(
    name="Letter",
    description="A kind refusal",
    text="Write to {{name}} about {{topic}}.",
    variables=(Variable(name="name", label="Addressee"), Variable(name="topic", kind="choice", options=("a", "b"))),
)


async def listed(actor: Actor, **narrowing: object) -> list[str]:
    page = await prompts.list_prompts(actor, PromptQuery(**narrowing))  # pyright: ignore[reportArgumentType]
    assert page.found == len(page.rows)
    return [row.name for row in page.rows]


async def share(owner: Actor, prompt_id: UUID, subject: Subject, level: Level) -> None:
    await set_grant(owner, "prompt", prompt_id, subject, level)


async def test_a_new_prompt_is_its_makers_alone(people: People) -> None:
    bob = people.bob
    prompt_id = await prompts.create_prompt(bob, LETTER, "first idea")
    detail = await prompts.open_prompt(bob, prompt_id)
    assert (detail.row.command, detail.row.variables, detail.version) == ("letter", 2, 1)
    assert detail.definition.variables == LETTER.variables
    assert await listed(bob) == ["Letter"]
    for other in (people.eve, people.ada, people.zoe):
        assert await listed(other) == []
        with pytest.raises(PromptNotFoundError):
            await prompts.open_prompt(other, prompt_id)


async def test_levels_let_others_use_change_and_manage(people: People) -> None:
    bob, eve = people.bob, people.eve
    prompt_id = await prompts.create_prompt(bob, LETTER)
    await share(bob, prompt_id, EVERYONE, "use")
    assert await listed(eve) == await listed(eve, whose="shared") == ["Letter"]
    assert await listed(eve, whose="mine") == await listed(people.zoe) == []
    with pytest.raises(PromptNotFoundError):
        await prompts.save_prompt(eve, prompt_id, LETTER, "", based_on=1)
    with pytest.raises(PromptNotFoundError):
        await prompts.list_versions(eve, prompt_id)
    assert eve.account_id
    await share(bob, prompt_id, Subject("person", eve.account_id), "edit")
    assert await prompts.save_prompt(eve, prompt_id, LETTER.model_copy(update={"text": "Hi"}), "", based_on=1) == 2
    with pytest.raises(PromptNotFoundError):
        await prompts.delete_prompt(eve, prompt_id)
    with pytest.raises(NotFoundError):
        await share(eve, prompt_id, EVERYONE, "manage")


async def test_guests_use_prompts_and_write_none(people: People) -> None:

    guest = replace(people.eve, role=Role.GUEST, permissions=PERMISSIONS[Role.GUEST])
    prompt_id = await prompts.create_prompt(people.bob, LETTER)
    await share(people.bob, prompt_id, EVERYONE, "use")
    assert await listed(guest) == ["Letter"]
    for writing in (prompts.create_prompt(guest, LETTER), prompts.duplicate_prompt(guest, prompt_id)):
        with pytest.raises(ForbiddenError):
            await writing


async def test_versions_are_kept_and_come_back(people: People) -> None:
    bob = people.bob
    prompt_id = await prompts.create_prompt(bob, LETTER, "first")
    changed = LETTER.model_copy(update={"name": "Mail", "command": "mail", "text": "Hello"})
    assert await prompts.save_prompt(bob, prompt_id, changed, " shorter ", based_on=1) == 2
    with pytest.raises(PromptChangedError):
        await prompts.save_prompt(bob, prompt_id, LETTER, "", based_on=1)
    same = (await prompts.open_prompt(bob, prompt_id)).definition
    assert await prompts.save_prompt(bob, prompt_id, same, "", based_on=2) == 2
    assert await prompts.restore_version(bob, prompt_id, 1) == 3
    rows = await prompts.list_versions(bob, prompt_id)
    assert [(row.number, row.why, row.is_current) for row in rows] == [
        (3, "Version 1 restored", True), (2, "shorter", False), (1, "first", False),
    ]  # fmt: skip
    assert rows[0].author_name == "Bob"
    assert rows[0].definition == rows[2].definition
    assert await listed(bob) == ["Letter"]
    with pytest.raises(PromptNotFoundError):
        await prompts.restore_version(bob, prompt_id, 9)


async def test_what_cannot_be_used_is_not_kept(people: People) -> None:
    with pytest.raises(PromptRefusedError):
        await prompts.create_prompt(people.bob, Definition(name="x"))
    assert await listed(people.bob) == []


async def test_search_finds_name_command_description_and_text(people: People) -> None:
    bob = people.bob
    await prompts.create_prompt(bob, LETTER)
    await prompts.create_prompt(bob, Definition(name="Summary", command="tldr", text="In short: 100 %"))
    assert await listed(bob) == ["Letter", "Summary"]
    for text_, expected in {"LETT": "Letter", "kind ref": "Letter", "tldr": "Summary", "100 %": "Summary"}.items():
        assert await listed(bob, text=text_) == [expected]
    assert await listed(bob, text="%") == ["Summary"]
    assert await listed(bob, text="owl") == []


async def test_a_copy_is_ones_own(people: People) -> None:
    prompt_id = await prompts.create_prompt(people.bob, LETTER)
    await share(people.bob, prompt_id, EVERYONE, "view")
    copied = await prompts.open_prompt(people.eve, await prompts.duplicate_prompt(people.eve, prompt_id))
    assert (copied.row.name, copied.row.command, copied.row.is_own) == ("Letter (copy)", "letter-copy", True)
    with pytest.raises(PromptNotFoundError):
        await prompts.open_prompt(people.bob, copied.row.id)


async def test_what_was_deleted_comes_back_or_goes_for_good(people: People) -> None:
    bob = people.bob
    prompt_id = await prompts.create_prompt(bob, LETTER)
    await share(bob, prompt_id, EVERYONE, "use")
    assert await prompts.delete_prompt(bob, prompt_id) == "Letter"
    assert await listed(bob) == await listed(people.eve) == []
    with pytest.raises(PromptNotFoundError):
        await prompts.restore_prompt(people.eve, prompt_id)
    await prompts.restore_prompt(bob, prompt_id)
    assert await listed(people.eve) == ["Letter"]
    assert bob.workspace_id
    await prompts.delete_prompt(bob, prompt_id)
    await keeping.purge(bob.workspace_id, PROMPTS, prompt_id)
    async with unit_of_work(bob) as uow:
        await uow.session.execute(text("UPDATE prompt SET deleted_at = now() - interval '2 days'"))
    await keeping.purge(bob.workspace_id, PROMPTS, prompt_id)
    async with unit_of_work(bob) as uow:
        for table in ("prompt", "prompt_version", "access_grant"):
            assert await uow.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


async def test_who_leaves_hands_over_what_is_shared(people: People) -> None:
    bob, ada = people.bob, people.ada
    await prompts.create_prompt(bob, Definition(name="Own", text="x"))
    shared_id = await prompts.create_prompt(bob, LETTER)
    await share(bob, shared_id, EVERYONE, "use")
    assert bob.account_id
    assert bob.workspace_id
    part = CreationsOfPerson(PROMPTS)
    async with unit_of_work(system_actor(bob.workspace_id)) as uow:
        assert [holding.count for holding in await part.count(uow, bob.account_id)] == [1, 1]
    await part.run(bob.workspace_id, bob.account_id, ada.account_id)
    assert await listed(ada, whose="mine") == ["Letter"]
    assert await listed(bob, whose="mine") == []
