"""What no form has is ignored, and what a State holds, or a tab sends, gives no right (mass assignment, A18)."""

from uuid import UUID

import pytest_asyncio
from sqlalchemy import text

from convosphere.core.database import Database
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.service.sessions import resolve_actor
from tests.integration.security.matrix import ROLES
from tests.integration.security.stage import Stage, Tab, identity, set_stage
from tests.integration.security.test_matrix import PRODUCT

# Every column of the tables behind the forms that somebody could want to write, as a form would send it.
PRIVILEGED = dict.fromkeys(
    ("id", "account_id", "owner_id", "workspace_id", "created_by", "current_version_id", "looking_as"), str(new_id())
) | {
    "role": "owner", "key": "owner", "permissions": "workspace:manage", "is_active": "true", "is_custom": "false",
    "is_manager": "true", "is_deny": "false", "level": "manage", "email": "root@example.org", "password_hash": "x",
    "email_verified_at": "2000-01-01", "requires_second_factor": "false", "status": "ready", "token_hash": "x",
    "scopes": "*", "expires_at": "2999-01-01", "method": "password+totp",
}  # fmt: skip
COLUMNS = {
    "account": text("SELECT to_jsonb(a) - '{name,updated_at}'::text[] FROM account AS a WHERE a.id = :id"),
    "membership": text("SELECT to_jsonb(m) FROM membership AS m WHERE m.account_id = :id"),
    "document": text("SELECT to_jsonb(d) - '{name,updated_at}'::text[] FROM document AS d WHERE d.id = :id"),
    "group": text("SELECT to_jsonb(g) - '{name,description}'::text[] FROM person_group AS g WHERE g.id = :id"),
}


@pytest_asyncio.fixture
async def stage(database: Database) -> Stage:
    """Everybody."""
    return await set_stage()


async def columns(stage: Stage, table: str, row_id: UUID) -> object:
    async with unit_of_work(stage.actors["owner"]) as uow:
        return await uow.session.scalar(COLUMNS[table], {"id": row_id})


async def test_a_profile_takes_the_name_alone(stage: Stage) -> None:
    member = identity(stage.actors["member"])
    before = [await columns(stage, table, member) for table in ("account", "membership")]
    form = {**PRIVILEGED, "name": "Renamed", "profile-name": "Renamed"}
    await Tab(stage, "member", PRODUCT).send("ProfileState", "rename", form=form)
    assert [await columns(stage, table, member) for table in ("account", "membership")] == before
    assert (await resolve_actor(stage.tokens["member"])).role == "member"


async def test_a_document_takes_its_name_alone(stage: Stage) -> None:
    thing = await stage.make("document", stage.actors["member"], "own")
    before = await columns(stage, "document", UUID(thing))
    tab = Tab(stage, "member", PRODUCT)
    await tab.send("ActState", "ask_to_rename", document_id=thing, name="x")
    await tab.send("ActState", "rename", form={**PRIVILEGED, "document-name": "renamed.md"})
    assert await columns(stage, "document", UUID(thing)) == before
    async with unit_of_work(stage.actors["owner"]) as uow:
        name = await uow.session.scalar(text("SELECT name FROM document WHERE id = :id"), {"id": UUID(thing)})
    assert name == "renamed.md"


async def test_a_group_takes_name_and_description_alone(stage: Stage) -> None:
    thing = await stage.make("group", stage.actors["colleague"], "others")
    before = await columns(stage, "group", UUID(thing))
    tab = Tab(stage, "manager", PRODUCT)
    await tab.send("GroupsState", "load")
    await tab.send("GroupsState", "ask", dialog="edit", group_id=thing)
    form = {**PRIVILEGED, "group-name": "Renamed", "group-description": ""}
    await tab.send("GroupsState", "save", form=form)
    assert await columns(stage, "group", UUID(thing)) == before


async def test_a_role_allows_what_was_chosen_and_no_form_adds_to_it(stage: Stage) -> None:
    tab = Tab(stage, "admin", PRODUCT)
    await tab.send("RolesState", "ask", dialog="edit", key="")
    await tab.send("RolesState", "choose", permission=Permission.DOCUMENT_READ.value, is_allowed=True)
    await tab.send("RolesState", "choose", permission="everything:do", is_allowed=True)
    await tab.send("RolesState", "save", form={**PRIVILEGED, "role-name": "Made", "role-description": ""})
    async with unit_of_work(stage.actors["owner"]) as uow:
        made = await uow.session.execute(
            text("SELECT permissions, is_custom, requires_second_factor, workspace_id FROM role WHERE name = 'Made'")
        )
        row = tuple(made.one())
    allowed = ["account:use", "account:write", "document:read"]
    assert row == (allowed, True, False, stage.actors["owner"].workspace_id)


async def test_no_body_of_a_route_makes_anybody_more(stage: Stage) -> None:
    roles = {role: (await resolve_actor(stage.tokens.get(role, ""))).permissions for role in ROLES}
    for role in ("member", "guest", "looking"):
        for path in ("/auth/look-as", "/auth/reauthenticate", "/auth/password"):
            async with PRODUCT(stage.tokens[role]) as client:
                answer = await client.post(path, json={**PRIVILEGED, "person": str(identity(stage.actors["owner"]))})
            assert 400 <= answer.status_code < 500, (role, path)
    assert {role: (await resolve_actor(stage.tokens.get(role, ""))).permissions for role in ROLES} == roles
