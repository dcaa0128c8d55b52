"""People of every role with real sessions, things of theirs, and tabs that send what pages send, through the gate."""

import inspect
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import reflex as rx
from reflex.istate.data import RouterData
from reflex.state import BaseState
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from sqlalchemy import select, text
from sqlmodel import col

from convosphere.assistants.schemas import Definition
from convosphere.assistants.service import assistants
from convosphere.chat.models import Conversation, ConversationLink, Message
from convosphere.core.errors import SignInRequiredError
from convosphere.core.identifiers import hash_token, new_id, new_token
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.cookies import cookie_name
from convosphere.identity.grants import Level
from convosphere.identity.models import Account, ApiKey, Invitation, Passkey, WebSession, Workspace
from convosphere.identity.queries import people as people_queries
from convosphere.identity.roles import PERMISSIONS, Role
from convosphere.identity.schemas import Client
from convosphere.identity.service import groups, looking, roles
from convosphere.identity.service.grants import EVERYONE, remove_grant, set_grant
from convosphere.identity.service.sessions import open_session, resolve_actor
from convosphere.identity.state.gate import SessionGate
from convosphere.llm.models import ModelProvider
from convosphere.prompts.schemas import Definition as PromptDefinition
from convosphere.prompts.service import prompts
from convosphere.templates.schemas import Definition as TemplateDefinition
from convosphere.templates.service import templates
from tests.fixtures.documents import plant_document

ORIGIN = "http://testserver"
NOT_USED: Any = None
READS = {
    Permission.ASSISTANT_READ, Permission.DOCUMENT_READ, Permission.CONVERSATION_READ, Permission.PROMPT_READ,
    Permission.TEMPLATE_READ,
}  # fmt: skip


def states() -> dict[str, type[BaseState]]:
    """The product's States by name."""
    return {state.__name__: state for state in rx.State.get_substates() if state.__module__.startswith("convosphere.")}


@dataclass
class Stage:
    """Who acts. `actors` are people by role as they are in the database, `tokens` their sessions."""

    actors: dict[str, Actor] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    bystanders: dict[UUID, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def workspace_of(self, role: str) -> UUID:
        """Where somebody acts; whoever is nobody would act in ours."""
        workspace_id = self.actors["stranger" if role == "stranger" else "owner"].workspace_id
        assert workspace_id
        return workspace_id

    def owner_of(self, role: str, relation: str) -> Actor:
        """Whose a thing of a relation to somebody is."""
        if relation == "foreign":
            return self.actors["owner" if role == "stranger" else "stranger"]
        if relation == "own" and role != "anonymous":
            return self.actors["seen" if role == "looking" else role]
        return self.actors["colleague"]

    async def make(self, kind: str, owner: Actor, relation: str) -> str:
        """A thing of somebody, shared as the relation says."""
        acting = replace(owner, permissions=PERMISSIONS[Role.OWNER], role=Role.OWNER)
        match kind:
            case "document" | "assistant" | "prompt" | "conversation_template":
                thing = str(await _MAKERS[kind](acting, relation))
            case "conversation":
                thing = await self._make_conversation(acting)
                await _share_conversation(acting, UUID(thing), relation)
            case "group":
                thing = str(await groups.create_group(acting, f"{new_id()}"))
                if relation == "own":
                    await groups.add_people(acting, UUID(thing), [identity(owner)], as_managers=True)
            case "person":
                thing = str(
                    (await _add(system_actor(workspace_of(acting)), f"person {new_id()}", Role.MEMBER)).account_id
                )
            case "role":
                thing = await roles.create_role(acting, f"{new_id()}", "", READS)
            case _:
                thing = await _make_credential(kind, acting)
        return thing

    async def prepare(self, kind: str, owner: Actor, thing: str) -> None:
        """What acts on a thing take for granted: a conversation is not deleted, and somebody is in the group."""
        if kind in _BRING_BACK:
            async with unit_of_work(owner) as uow:
                await uow.session.execute(_BRING_BACK[kind], {"id": UUID(thing)})
        if kind == "group":
            acting = replace(owner, permissions=PERMISSIONS[Role.OWNER])
            assert owner.workspace_id
            await groups.add_people(acting, UUID(thing), [UUID(self.bystanders[owner.workspace_id])])

    async def _make_conversation(self, owner: Actor) -> str:
        async with unit_of_work(owner) as uow:
            conversation = Conversation(workspace_id=uow.workspace_id, owner_id=uow.account_id, title="Owls")
            uow.session.add(conversation)
            await uow.session.flush()
            message = Message(
                workspace_id=uow.workspace_id, conversation_id=conversation.id, role="user", status="done",
                parts=[{"type": "text", "text": "Which owls?"}],
            )  # fmt: skip
            answer = Message(
                workspace_id=uow.workspace_id, conversation_id=conversation.id, parent_id=message.id,
                role="assistant", status="done", parts=[{"type": "text", "text": "Eagle owls."}],
            )  # fmt: skip
            uow.session.add_all([message, answer])
            await uow.session.flush()
            link = ConversationLink(
                workspace_id=uow.workspace_id, conversation_id=conversation.id, created_by=uow.account_id,
                token_hash=hash_token(new_token()), scope="workspace",
            )  # fmt: skip
            uow.session.add(link)
        self.links[str(conversation.id)] = str(link.id)
        self.messages[str(conversation.id)] = str(message.id)
        self.answers[str(conversation.id)] = str(answer.id)
        return str(conversation.id)


def workspace_of(actor: Actor) -> UUID:
    assert actor.workspace_id
    return actor.workspace_id


async def _share_conversation(owner: Actor, conversation_id: UUID, relation: str) -> None:
    levels: dict[str, Level] = {"shared": "view", "joined": "use", "revoked": "use"}
    if relation in levels:
        await set_grant(owner, "conversation", conversation_id, EVERYONE, levels[relation])
    if relation == "revoked":
        await remove_grant(owner, "conversation", conversation_id, EVERYONE)


async def _make_document(owner: Actor, relation: str) -> UUID:
    document_id = await plant_document(owner)
    levels: dict[str, Level] = {"shared": "use", "editable": "edit"}
    if relation in levels:
        await set_grant(owner, "document", document_id, EVERYONE, levels[relation])
    return document_id


async def _make_assistant(owner: Actor, relation: str) -> UUID:
    assistant_id = await assistants.create_assistant(owner, Definition(name=f"{new_id()}"))
    await assistants.set_state(owner, assistant_id, "active")
    if relation == "shared":
        await set_grant(owner, "assistant", assistant_id, EVERYONE, "use")
    return assistant_id


async def _make_prompt(owner: Actor, relation: str) -> UUID:
    prompt_id = await prompts.create_prompt(owner, PromptDefinition(name=f"{new_id()}", text="x"))
    if relation == "shared":
        await set_grant(owner, "prompt", prompt_id, EVERYONE, "use")
    return prompt_id


async def _make_template(owner: Actor, relation: str) -> UUID:
    template_id = await templates.create_template(owner, TemplateDefinition(name=f"{new_id()}"))
    if relation == "shared":
        await set_grant(owner, "conversation_template", template_id, EVERYONE, "use")
    return template_id


_MAKERS = {
    "document": _make_document,
    "assistant": _make_assistant,
    "prompt": _make_prompt,
    "conversation_template": _make_template,
}


async def _make_credential(kind: str, owner: Actor) -> str:
    if kind == "session":
        token_hash = hash_token(await _sign_in(owner))
        async with unit_of_work(owner) as uow:
            of_token = select(col(WebSession.id)).where(col(WebSession.token_hash) == token_hash)
            return str(await uow.session.scalar(of_token))
    if kind == "key":
        key = ApiKey(
            workspace_id=workspace_of(owner), account_id=identity(owner), name="x", prefix="x",
            token_hash=hash_token(new_token()), scopes=[],
        )  # fmt: skip
        return await _store(owner, key)
    if kind == "invitation":
        invitation = Invitation(
            workspace_id=workspace_of(owner), token_hash=hash_token(new_token()), email=f"{new_id()}@example.org",
            role=Role.GUEST, created_by=identity(owner), expires_at=utc_now() + timedelta(days=1),
        )  # fmt: skip
        return await _store(owner, invitation)
    if kind == "provider":
        provider = ModelProvider(
            workspace_id=workspace_of(owner), kind="compatible", name="x", slug=f"{new_id()}",
            base_url="http://127.0.0.1:9/v1", options={},
        )  # fmt: skip
        return await _store(owner, provider)
    passkey = Passkey(account_id=identity(owner), credential_id=new_id().bytes, public_key=b"x", name="x")
    return await _store(owner, passkey)


async def _store(owner: Actor, row: ApiKey | Passkey | Invitation | ModelProvider) -> str:
    async with unit_of_work(owner) as uow:
        uow.session.add(row)
    return str(row.id)


_BRING_BACK = {
    kind: text(f"UPDATE {kind} SET deleted_at = NULL WHERE id = :id AND deleted_at IS NOT NULL")
    for kind in ("conversation", "assistant", "prompt", "conversation_template")
}


def identity(actor: Actor) -> UUID:
    assert actor.account_id
    return actor.account_id


async def set_stage() -> Stage:
    """Everybody, in two workspaces."""
    stage, ours, theirs = Stage(), system_actor(new_id()), system_actor(new_id())
    for workspace in (ours, theirs):
        async with unit_of_work(workspace) as uow:
            uow.session.add(Workspace(id=uow.workspace_id, name="Team"))
    built_in = {
        "owner": Role.OWNER, "admin": Role.ADMIN, "manager": Role.MANAGER, "member": Role.MEMBER, "guest": Role.GUEST,
        "looking": Role.ADMIN, "seen": Role.MEMBER, "colleague": Role.MEMBER, "reader": Role.MEMBER,
        "unproved": Role.MEMBER, "deactivated": Role.MEMBER,
    }  # fmt: skip
    for name, role in built_in.items():
        await _join(stage, ours, name, role)
    await _join(stage, theirs, "stranger", Role.OWNER)
    for workspace in (ours, theirs):
        bystander = await _add(workspace, f"bystander {workspace.workspace_id}", Role.MEMBER)
        assert workspace.workspace_id
        stage.bystanders[workspace.workspace_id] = str(bystander.account_id)
    await _turn(stage)
    return stage


async def _join(stage: Stage, workspace: Actor, name: str, role: Role) -> None:
    stage.actors[name] = await _add(workspace, name, role)
    stage.tokens[name] = await _sign_in(stage.actors[name])


async def _add(workspace: Actor, name: str, role: Role) -> Actor:
    async with unit_of_work(workspace) as uow:
        email = f"{name.replace(' ', '-')}@example.org"
        account = await people_queries.add_account(
            uow, email=email, name=name, password_hash="!", locale="en", role=role
        )
    return Actor(account.id, workspace.workspace_id, PERMISSIONS[role], name=name, email=email, role=role)


async def _sign_in(actor: Actor) -> str:
    async with unit_of_work(actor) as uow:
        account = await uow.session.get(Account, actor.account_id)
        assert account
        return (await open_session(uow, account, Role(actor.role), Client("192.0.2.1", "test"))).token


async def _turn(stage: Stage) -> None:
    """Give each the odd state that the name says."""
    owner, people = stage.actors["owner"], stage.actors
    reader = await roles.create_role(owner, "Reader", "", READS)
    strict = await roles.create_role(owner, "Strict", "", PERMISSIONS[Role.MEMBER])
    await roles.require_second_factor(owner, strict, is_required=True)
    await roles.give_role(owner, identity(people["reader"]), reader)
    await roles.give_role(owner, identity(people["unproved"]), strict)
    async with unit_of_work(owner) as uow:
        leaving = text("UPDATE membership SET is_active = false WHERE account_id = :id")
        await uow.session.execute(leaving, {"id": people["deactivated"].account_id})
    who_looks = await resolve_actor(stage.tokens["looking"])
    stage.tokens["looking"] = (await looking.start_looking(who_looks, identity(people["seen"]))).token


class Tab:
    """A page's tab of somebody, as far as the server knows it."""

    def __init__(self, stage: Stage, role: str, browser: Callable[[str], httpx.AsyncClient]) -> None:
        self._stage, self._role, self._browser = stage, role, browser
        self._token = stage.tokens.get(role, "")
        self._root = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]  # As the framework does.
        self.visit("/")

    @property
    def bystander(self) -> str:
        """Somebody of the same workspace to whom things are given."""
        return self._stage.bystanders[self._stage.workspace_of(self._role)]

    def key(self) -> str:
        """A name that nothing has yet."""
        return str(new_id())

    def message_of(self, conversation_id: str) -> str:
        """A question of a conversation."""
        return self._stage.messages[conversation_id]

    def link_of(self, conversation_id: str) -> str:
        """A link to a conversation."""
        return self._stage.links[conversation_id]

    def answer_of(self, conversation_id: str) -> str:
        """What it was answered."""
        return self._stage.answers[conversation_id]

    def visit(self, path: str) -> None:
        """Be at an address."""
        headers = {"cookie": f"{cookie_name()}={self._token}" if self._token else "", "origin": ORIGIN}
        self._root.router = RouterData.from_router_data(
            {"pathname": path, "asPath": path, "token": "tab", "ip": "192.0.2.1", "headers": headers}
        )

    async def enter(self, state: str, handler: str, /, **arguments: object) -> None:
        """Pass the gate as an event does.

        Raises:
            SignInRequiredError: the gate sends to sign-in.
            ForbiddenError: it refuses.
        """
        event = Event(name=f"{states()[state].get_full_name()}.{handler}", payload=dict(arguments))
        with EventContext(token="tab", state_manager=NOT_USED, enqueue_impl=NOT_USED):
            refusal = await SessionGate().preprocess(NOT_USED, self._root, event)
        if refusal:
            raise SignInRequiredError

    async def send(self, state: str, handler: str, /, **arguments: object) -> None:
        """Pass the gate, then run the handler."""
        await self.enter(state, handler, **arguments)
        instance = await self._root.get_state(states()[state])
        done: Any = states()[state].event_handlers[handler].fn(instance, **arguments)
        if inspect.isasyncgen(done):
            async for _ in done:
                pass
        elif isinstance(done, Awaitable):
            await done

    async def plant(self, state: str, /, **values: object) -> None:
        """Have a State hold something, wherever it came from: what it believes must give no right."""
        instance = await self._root.get_state(states()[state])
        # Bound as the gate does it with the first event, or that would empty it.
        await self._bind()
        for name, value in values.items():
            setattr(instance, name, value)

    async def shown(self, state: str, name: str) -> Any:  # noqa: ANN401  # Whatever the var is.
        """A var of a State."""
        return getattr(await self._root.get_state(states()[state]), name)

    async def item(self, state: str, name: str, /, **values: object) -> object:
        """A row as a State holds it."""
        return getattr(sys.modules[states()[state].__module__], name)(**values)

    async def get(self, path: str) -> int:
        """The status of an answer to the browser."""
        async with self._browser(self._token) as client:
            return (await client.get(path)).status_code

    async def post(self, path: str, form: Mapping[str, str]) -> int:
        """The same for a form."""
        async with self._browser(self._token) as client:
            return (await client.post(path, data=form)).status_code

    async def put_away(self, thing: str, kind: str = "conversation") -> None:
        """Have a conversation or an assistant deleted, by whomever."""
        for actor in (self._stage.actors["owner"], self._stage.actors["stranger"]):
            async with unit_of_work(actor) as uow:
                putting = text(f"UPDATE {kind} SET deleted_at = now() WHERE id = :id")  # Of the table's.
                await uow.session.execute(putting, {"id": UUID(thing)})

    @asynccontextmanager
    async def in_trash(self, thing: str) -> AsyncIterator[None]:
        """Have a document lie in the trash, put there by whomever; what is left there comes out of it again."""
        await self._move(thing, "now()")
        try:
            yield
        finally:
            await self._move(thing, "NULL")

    async def _move(self, thing: str, trashed_at: str) -> None:
        for actor in (self._stage.actors["owner"], self._stage.actors["stranger"]):
            async with unit_of_work(actor) as uow:
                moving = text(f"UPDATE document SET trashed_at = {trashed_at} WHERE id = :id")  # Of the two above.
                await uow.session.execute(moving, {"id": UUID(thing)})

    async def _bind(self) -> None:
        actor = await resolve_actor(self._token)
        session = await self._root.get_state(states()["SessionState"])
        session._session_id = str(actor.session_id or "")  # pyright: ignore[reportAttributeAccessIssue]


async def row_of(kind: str, owner: Actor, thing: str) -> Mapping[str, Any] | None:
    """A thing with all that is said of it, as it stands in the tables."""
    async with unit_of_work(owner) as uow:
        return await uow.session.scalar(_ROWS[kind], {"id": thing})


_ROWS = {
    "document": text(
        "SELECT jsonb_build_array(d, (SELECT jsonb_agg(g ORDER BY g.id) FROM access_grant AS g"
        " WHERE g.object_id = d.id))"
        " FROM document AS d WHERE d.id = CAST(:id AS uuid)"
    ),
    "assistant": text(
        "SELECT jsonb_build_array(a, (SELECT jsonb_agg(g ORDER BY g.id) FROM access_grant AS g"
        " WHERE g.object_id = a.id))"
        " FROM assistant AS a WHERE a.id = CAST(:id AS uuid)"
    ),
    "conversation_template": text(
        "SELECT jsonb_build_array(p, (SELECT jsonb_agg(g ORDER BY g.id) FROM access_grant AS g"
        " WHERE g.object_id = p.id))"
        " FROM conversation_template AS p WHERE p.id = CAST(:id AS uuid)"
    ),
    "prompt": text(
        "SELECT jsonb_build_array(p, (SELECT jsonb_agg(g ORDER BY g.id) FROM access_grant AS g"
        " WHERE g.object_id = p.id))"
        " FROM prompt AS p WHERE p.id = CAST(:id AS uuid)"
    ),
    "conversation": text("SELECT to_jsonb(c) FROM conversation AS c WHERE c.id = CAST(:id AS uuid)"),
    "group": text(
        "SELECT jsonb_build_array(g, (SELECT jsonb_agg(m ORDER BY m.id) FROM group_member AS m"
        " WHERE m.group_id = g.id))"
        " FROM person_group AS g WHERE g.id = CAST(:id AS uuid)"
    ),
    "session": text("SELECT to_jsonb(id) FROM web_session WHERE id = CAST(:id AS uuid)"),
    "key": text("SELECT to_jsonb(k) FROM api_key AS k WHERE k.id = CAST(:id AS uuid)"),
    "passkey": text("SELECT to_jsonb(p) FROM passkey AS p WHERE p.id = CAST(:id AS uuid)"),
    "person": text("SELECT to_jsonb(m) FROM membership AS m WHERE m.account_id = CAST(:id AS uuid)"),
    "invitation": text("SELECT to_jsonb(i) FROM invitation AS i WHERE i.id = CAST(:id AS uuid)"),
    "role": text("SELECT to_jsonb(r) FROM role AS r WHERE r.key = :id"),
    "provider": text("SELECT to_jsonb(p) FROM model_provider AS p WHERE p.id = CAST(:id AS uuid)"),
}
