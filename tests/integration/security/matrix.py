"""Who may do what with which things: the one table, and how each way in is walked.

A new way in that is told an id needs a line in `WAYS`, or, if there is no thing behind it, in `WITHOUT_THING`. A new
permission needs a line in `HOLDERS`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from convosphere.chat.service import conversations, sharing
from convosphere.core.authorization import current_actor
from convosphere.core.errors import NotFoundError
from convosphere.core.permissions import Permission
from convosphere.knowledge.service import documents
from tests.integration.security.stage import Tab

Kind = Literal[
    "document",
    "conversation",
    "assistant",
    "prompt",
    "conversation_template",
    "group",
    "role",
    "provider",
    "person",
    "invitation",
    "session",
    "key",
    "passkey",
]
Verb = Literal["read", "write", "delete", "share", "file", "keep", "move"]
"""To `file` is to change what is said of a thing and not in it; to `keep` is to do something of one's own with it."""
Relation = Literal["own", "shared", "others", "foreign", "editable", "joined", "revoked"]

ROLES: tuple[str, ...] = (
    "anonymous", "deactivated", "unproved", "looking", "guest", "reader", "member", "manager", "admin", "owner",
    "stranger",
)  # fmt: skip
"""`unproved` lacks the second factor that the role asks for; `looking` is an administrator who looks as a member;
`reader` has a role of the workspace that may only read; `stranger` owns another workspace."""

RELATIONS: tuple[Relation, ...] = ("own", "shared", "others", "foreign")
"""Whose a thing is: the actor's, somebody's who shared it for reading, somebody's, or another workspace's."""
MORE_RELATIONS: dict[Kind, tuple[Relation, ...]] = {"document": ("editable",), "conversation": ("joined", "revoked")}
"""Of things that are also shared for changing them, for writing in them, and shared no more."""

_OWN_GOES: dict[Relation, str] = {"own": "d"}
# What each role may do with things of each relation, as the first letters of the verbs; what is not here is refused.
# For groups `own` is one that the actor manages; a person is a member of the workspace of whoever a thing would be.
MAY: dict[Kind, dict[str, dict[Relation, str]]] = {
    "document": {
        "looking": {"own": "r", "shared": "r", "editable": "r"},
        "guest": {"own": "rk", "shared": "rk", "editable": "rk"},
        "reader": {"own": "rk", "shared": "rk", "editable": "rk"},
        "member": {"own": "rwdskm", "shared": "rk", "editable": "rwk"},
        "manager": {"own": "rwdskm", "shared": "rk", "editable": "rwk"},
        "admin": {"own": "rwdskm", "shared": "rk", "editable": "rwk"},
        "owner": {"own": "rwdskm", "shared": "rk", "editable": "rwk"},
        "stranger": {"own": "rwdskm"},
    },
    "assistant": {
        "looking": {"own": "r", "shared": "r"},
        "guest": {"own": "r", "shared": "r"},
        "reader": {"own": "r", "shared": "r"},
        "member": {"own": "rwds", "shared": "r"},
        "manager": {"own": "rwds", "shared": "r"},
        "admin": {"own": "rwds", "shared": "r"},
        "owner": {"own": "rwds", "shared": "r"},
        "stranger": {"own": "rwds"},
    },
    "prompt": {
        "looking": {"own": "r", "shared": "r"},
        "guest": {"own": "r", "shared": "r"},
        "reader": {"own": "r", "shared": "r"},
        "member": {"own": "rwds", "shared": "r"},
        "manager": {"own": "rwds", "shared": "r"},
        "admin": {"own": "rwds", "shared": "r"},
        "owner": {"own": "rwds", "shared": "r"},
        "stranger": {"own": "rwds"},
    },
    "conversation_template": {
        "looking": {"own": "r", "shared": "r"},
        "guest": {"own": "r", "shared": "r"},
        "reader": {"own": "r", "shared": "r"},
        "member": {"own": "rwds", "shared": "r"},
        "manager": {"own": "rwds", "shared": "r"},
        "admin": {"own": "rwds", "shared": "r"},
        "owner": {"own": "rwds", "shared": "r"},
        "stranger": {"own": "rwds"},
    },
    "conversation": {
        "looking": {"own": "r", "shared": "r", "joined": "r"},
        "guest": {"own": "rwdfk", "shared": "rk", "joined": "rwk"},
        "reader": {"own": "r", "shared": "r", "joined": "r"},
        "member": {"own": "rwdfks", "shared": "rk", "joined": "rwk"},
        "manager": {"own": "rwdfks", "shared": "rk", "joined": "rwk"},
        "admin": {"own": "rwdfks", "shared": "rk", "joined": "rwk"},
        "owner": {"own": "rwdfks", "shared": "rk", "joined": "rwk"},
        "stranger": {"own": "rwdfks"},
    },
    "group": {
        "looking": {"own": "r"},
        "guest": {"own": "rw"},
        "reader": {"own": "rw"},
        "member": {"own": "rw"},
        "manager": {"own": "rwd", "others": "rwd", "shared": "rwd"},
        "admin": {"own": "rwd", "others": "rwd", "shared": "rwd"},
        "owner": {"own": "rwd", "others": "rwd", "shared": "rwd"},
        "stranger": {"own": "rwd"},
    },
    "role": {
        "admin": {"own": "wd", "others": "wd", "shared": "wd"},
        "owner": {"own": "wd", "others": "wd", "shared": "wd"},
        "stranger": {"own": "wd"},
    },
    "person": {
        "manager": {"own": "r", "others": "r", "shared": "r"},
        "admin": {"own": "rwd", "others": "rwd", "shared": "rwd"},
        "owner": {"own": "rwd", "others": "rwd", "shared": "rwd"},
        "stranger": {"own": "rwd"},
    },
    "invitation": {
        "manager": {"own": "wd", "others": "wd", "shared": "wd"},
        "admin": {"own": "wd", "others": "wd", "shared": "wd"},
        "owner": {"own": "wd", "others": "wd", "shared": "wd"},
        "stranger": {"own": "wd"},
    },
    "provider": {
        "admin": {"own": "wd", "others": "wd", "shared": "wd"},
        "owner": {"own": "wd", "others": "wd", "shared": "wd"},
        "stranger": {"own": "wd"},
    },
    "session": dict.fromkeys((*ROLES[4:], "unproved"), _OWN_GOES),
    "passkey": dict.fromkeys((*ROLES[4:], "unproved"), _OWN_GOES),
    "key": dict.fromkeys(ROLES[6:], _OWN_GOES),
}

_NOBODY: set[str] = {"anonymous", "deactivated"}
_IN: set[str] = {role for role in ROLES if role not in _NOBODY}
_STAFF = {"manager", "admin", "owner", "stranger"}
_ADMINS = {"admin", "owner", "stranger"}
# Whom a way in lets in that declares a permission; what comes of it is what `MAY` says.
HOLDERS: dict[Permission, set[str]] = {
    Permission.PUBLIC: _IN | _NOBODY,
    Permission.ACCOUNT_USE: _IN,
    Permission.ACCOUNT_WRITE: _IN - {"looking"},
    Permission.ASSISTANT_READ: _IN - {"unproved"},
    Permission.ASSISTANT_WRITE: _STAFF | {"member"},
    Permission.ASSISTANT_SHARE: _STAFF | {"member"},
    Permission.ASSISTANT_REVIEW: _STAFF,
    Permission.CONVERSATION_READ: _IN - {"unproved"},
    Permission.CONVERSATION_WRITE: _IN - {"unproved", "looking", "reader"},
    Permission.CONVERSATION_SHARE: _STAFF | {"member"},
    Permission.CONVERSATION_EXPORT: _IN - {"unproved", "looking", "reader"},
    Permission.DOCUMENT_READ: _IN - {"unproved"},
    Permission.DOCUMENT_WRITE: _STAFF | {"member"},
    Permission.DOCUMENT_SHARE: _STAFF | {"member"},
    Permission.PROMPT_READ: _IN - {"unproved"},
    Permission.PROMPT_WRITE: _STAFF | {"member"},
    Permission.PROMPT_SHARE: _STAFF | {"member"},
    Permission.SOURCE_WRITE: _STAFF | {"member"},
    Permission.SOURCE_MANAGE: _ADMINS,
    Permission.KNOWLEDGE_MANAGE: _ADMINS,
    Permission.TEMPLATE_READ: _IN - {"unproved"},
    Permission.TEMPLATE_WRITE: _STAFF | {"member"},
    Permission.TEMPLATE_SHARE: _STAFF | {"member"},
    Permission.KEY_MANAGE: _STAFF | {"member"},
    Permission.PERSON_READ: _STAFF,
    Permission.PERSON_INVITE: _STAFF,
    Permission.GROUP_MANAGE: _STAFF,
    Permission.AUDIT_READ: _ADMINS,
    Permission.BUDGET_MANAGE: _ADMINS,
    Permission.USAGE_READ: _ADMINS,
    Permission.MODEL_MANAGE: _ADMINS,
    Permission.PERSON_MANAGE: _ADMINS,
    Permission.PERSON_LOOK: _ADMINS,
    Permission.ROLE_MANAGE: _ADMINS,
    Permission.WORKSPACE_MANAGE: _ADMINS,
}


@dataclass(frozen=True)
class Way:
    """How ways in are used on a thing whose id is given; `names` are written as in the table of test_access.py.

    `act` raises what refuses it, or gives False.
    """

    names: str
    kind: Kind
    verb: Verb
    act: Callable[[Tab, str], Awaitable[object]]


async def _rename_document(tab: Tab, thing: str) -> None:
    await tab.send("ActState", "ask_to_rename", document_id=thing, name="x")
    await tab.send("ActState", "rename", form={"document-name": "renamed.md"})


async def _move_selected(tab: Tab, thing: str) -> None:
    await tab.plant("ActState", selected=[thing])
    await tab.send("BulkState", "move", folder_id="")


async def _ask_about(tab: Tab, thing: str) -> None:
    await tab.send("BulkState", "ask_about", act="export", document_id=thing)


async def _ask_of_selected(tab: Tab, thing: str, act: str, form: dict[str, str] | None = None) -> None:
    await tab.plant("ActState", selected=[thing])
    await tab.send("BulkState", "ask", act=act)
    await tab.send("BulkState", "begin", form=form or {})


async def _begin_unasked(tab: Tab, thing: str) -> None:
    await tab.plant("ActState", selected=[thing])
    await tab.plant("BulkState", asked=await tab.item("BulkState", "AskedItem", act="trash"))
    await tab.send("BulkState", "begin", form={})


async def _share_selected(tab: Tab, thing: str) -> None:
    await _ask_of_selected(tab, thing, "unshare")


async def _restore_document(tab: Tab, thing: str) -> None:
    """Of what lies in the trash; its owner put it there."""
    async with tab.in_trash(thing):
        await tab.send("ActState", "restore", document_id=thing)


async def _restore_from_trash(tab: Tab, thing: str) -> None:
    async with tab.in_trash(thing):
        await tab.send("TrashState", "restore", document_id=thing)


async def _ask_in_trash(tab: Tab, thing: str) -> None:
    async with tab.in_trash(thing):
        await tab.send("BulkState", "ask_in_trash", act="delete", document_ids=[thing])
        await tab.send("BulkState", "begin", form={})


async def _discover(tab: Tab, thing: str) -> bool:
    await tab.send("ProviderState", "discover", provider_id=thing)
    return await tab.shown("ProviderState", "error") != NotFoundError().message.as_dict()


async def _is_listed(tab: Tab, thing: str) -> bool:
    await tab.send("DocumentListState", "show_again")
    return thing in {row.id for row in await tab.shown("DocumentListState", "rows")}


async def _follow(tab: Tab, thing: str) -> None:
    """The handler works in the background; this is what it asks."""
    tab.visit(f"/knowledge/{thing}")
    await tab.enter("DocumentState", "follow")
    await documents.get_document(current_actor(), UUID(thing))


async def _open_sharing(tab: Tab, thing: str) -> None:
    await tab.send("SharingState", "open", object_type="document", object_id=thing)


async def _share(tab: Tab, thing: str, handler: str, /, **arguments: object) -> None:
    await tab.plant("SharingState", _type="document", _id=thing)
    await tab.send("SharingState", handler, **arguments)


async def _compare(tab: Tab, thing: str) -> None:
    await tab.send("VersionState", "compare", document_id=thing, older=1, newer=1)


async def _download(tab: Tab, thing: str) -> bool:
    return await tab.get(f"/api/documents/{thing}/file") == 200


async def _transcript(tab: Tab, thing: str) -> bool:
    return await tab.get(f"/api/documents/{thing}/transcript") == 200


async def _preview(tab: Tab, thing: str) -> bool:
    return await tab.get(f"/api/documents/{thing}/preview") == 200


async def _thumbnail(tab: Tab, thing: str) -> bool:
    return await tab.get(f"/api/documents/{thing}/thumbnail") == 204


async def _export(tab: Tab, thing: str) -> bool:
    return await tab.post("/api/conversations/export", {"format": "json", "ids": thing}) == 200


async def _open_conversation(tab: Tab, thing: str) -> bool:
    tab.visit(f"/chat/{thing}")
    await tab.send("ConversationState", "open")
    return not await tab.shown("TranscriptState", "is_missing")


async def _ask(tab: Tab, thing: str) -> bool:
    await tab.send("ConversationState", "send", text="Why?", key=tab.key(), conversation_id=thing)
    return (await tab.shown("ConversationState", "receipt"))["state"] == "taken"


async def _about_message(tab: Tab, thing: str, handler: str) -> None:
    await tab.send("ConversationState", handler, message_id=tab.message_of(thing))


async def _edit_question(tab: Tab, thing: str) -> bool:
    await tab.plant("TranscriptState", shown_id=thing)
    await tab.send(
        "BranchState", "edit", message_id=tab.message_of(thing), above="", text="Why not?", key=tab.key(),
        is_asked=False,
    )  # fmt: skip
    return not await tab.shown("BranchState", "refused")


async def _copy(tab: Tab, thing: str) -> None:
    await tab.plant("TranscriptState", shown_id=thing)
    await tab.send("BranchState", "copy")


async def _make_link(tab: Tab, thing: str) -> None:
    await tab.plant("LinksState", _conversation_id=thing)
    await tab.send("LinksState", "make", form={"link-scope": "workspace", "link-kind": "live", "link-days": "1"})


async def _revoke_link(tab: Tab, thing: str) -> None:
    await tab.plant("LinksState", _conversation_id=thing)
    await tab.send("LinksState", "revoke", link_id=tab.link_of(thing))


async def _share_conversation(tab: Tab, thing: str) -> None:
    await tab.send("SharingState", "open", object_type="conversation", object_id=thing)


async def _give_conversation(tab: Tab, thing: str) -> None:
    await tab.plant("SharingState", _type="conversation", _id=thing)
    await tab.send("SharingState", "give", subject_type="person", subject_id=tab.bystander, level="manage")


async def _attend(tab: Tab, thing: str) -> None:
    """The handler works in the background; this is what it asks before anything else."""
    tab.visit(f"/chat/{thing}")
    await tab.enter("CompanyState", "follow")
    await sharing.get_access(current_actor(), UUID(thing))


async def _decide(tab: Tab, thing: str) -> None:
    await tab.plant("TranscriptState", shown_id=thing)
    await tab.send("ConversationState", "decide", message_id=tab.message_of(thing), when_full="drop")


async def _measure(tab: Tab, thing: str) -> bool:
    await tab.plant("TranscriptState", shown_id=thing)
    await tab.send("ContextState", "measure")
    return bool(await tab.shown("ContextState", "use"))


async def _choose_when_full(tab: Tab, thing: str) -> None:
    await tab.plant("TranscriptState", shown_id=thing)
    await tab.send("ContextState", "choose", when_full="ask")


async def _keep_settings(tab: Tab, thing: str) -> None:
    await tab.plant("TranscriptState", shown_id=thing)
    await tab.send("ParametersState", "keep", form={"temperature": "0.5"})


async def _reset_settings(tab: Tab, thing: str) -> None:
    await tab.plant("TranscriptState", shown_id=thing)
    await tab.send("ParametersState", "as_usual")


async def _rate(tab: Tab, thing: str) -> bool:
    await tab.send("FeedbackState", "rate", message_id=tab.answer_of(thing), rating="up", reasons=[], comment="")
    return not await tab.shown("FeedbackState", "refused")


async def _watch(tab: Tab, thing: str) -> None:
    """The handler works in the background; this is what it asks before anything else."""
    message_id = tab.message_of(thing)
    await tab.enter("AnswerState", "watch", message_id=message_id, conversation_id=thing)
    await conversations.get_message(current_actor(), UUID(message_id))


async def _restore(tab: Tab, thing: str) -> None:
    await tab.put_away(thing)
    await tab.send("ConversationListState", "restore", conversation_id=thing)


async def _restore_many(tab: Tab, thing: str) -> None:
    await tab.put_away(thing)
    await tab.send("FilingState", "restore", ids=thing)


async def _tag_conversation(tab: Tab, thing: str) -> None:
    await tab.send("FilingState", "ask", what="tag", ids=[thing])
    await tab.send("FilingState", "add_tag", form={"tag-name": "x"})


async def _edit_group(tab: Tab, thing: str) -> None:
    await _ask_of_group(tab, "edit", thing)
    await tab.send("GroupsState", "save", form={"group-name": tab.key(), "group-description": ""})


async def _delete_group(tab: Tab, thing: str) -> None:
    await _ask_of_group(tab, "delete", thing)
    await tab.send("GroupsState", "delete")


async def _ask_of_group(tab: Tab, dialog: str, thing: str) -> None:
    await tab.send("GroupsState", "ask", dialog=dialog, group_id=thing)
    await tab.plant("GroupsState", asked=await tab.item("GroupsState", "GroupItem", id=thing))


async def _open_group(tab: Tab, thing: str) -> bool:
    await tab.send("GroupsState", "load")
    await tab.send("GroupsState", "open", group_id=thing)
    return (await tab.shown("GroupsState", "shown")).id == thing


async def _in_group(tab: Tab, thing: str, handler: str, /, **arguments: object) -> None:
    await tab.plant("GroupsState", shown=await tab.item("GroupsState", "GroupItem", id=thing))
    await tab.send("GroupsState", handler, **arguments)


async def _edit_role(tab: Tab, thing: str) -> None:
    await _ask_of_role(tab, "edit", thing)
    await tab.send("RolesState", "save", form={"role-name": tab.key(), "role-description": ""})


async def _delete_role(tab: Tab, thing: str) -> None:
    await _ask_of_role(tab, "delete", thing)
    await tab.send("RolesState", "delete")


async def _ask_of_role(tab: Tab, dialog: str, thing: str) -> None:
    await tab.send("RolesState", "ask", dialog=dialog, key=thing)
    await tab.plant("RolesState", asked=await tab.item("RolesState", "RoleItem", key=thing), chosen=["document:read"])


async def _delete_provider(tab: Tab, thing: str) -> None:
    await tab.plant("ModelsState", asked=await tab.item("ModelsState", "ProviderItem", id=thing))
    await tab.send("ModelsState", "delete")


async def _see_person(tab: Tab, thing: str) -> bool:
    tab.visit(f"/admin/people/{thing}")
    await tab.send("PersonState", "show_again")
    return not await tab.shown("PersonState", "is_missing")


async def _group_of_person(tab: Tab, thing: str, handler: str) -> None:
    tab.visit(f"/admin/people/{tab.bystander}")
    await tab.send("PersonState", handler, group_id=thing)


async def _with_person(tab: Tab, thing: str, handler: str, /, **arguments: object) -> None:
    tab.visit(f"/admin/people/{thing}")
    await tab.send("PersonState", handler, **arguments)


async def _see_assistant(tab: Tab, thing: str) -> bool:
    tab.visit(f"/assistants/{thing}")
    await tab.send("AssistantState", "load")
    return (await tab.shown("AssistantState", "shown")).id == thing


async def _is_listed_assistant(tab: Tab, thing: str) -> bool:
    await tab.send("AssistantListState", "load")
    return thing in {row.id for row in await tab.shown("AssistantListState", "rows")}


async def _at_assistant(tab: Tab, thing: str, state: str, handler: str, /, **arguments: object) -> None:
    """Whichever assistant a tab believes to show."""
    await tab.plant("AssistantState", place=thing, version=1)
    await tab.send(state, handler, **arguments)


async def _save_assistant(tab: Tab, thing: str) -> bool:
    form = {"name": tab.key(), "instructions": "x", "icon": "bot", "color": "rose"}
    await _at_assistant(tab, thing, "AssistantState", "save", form=form)
    return not await tab.shown("AssistantState", "problems")


async def _try_assistant(tab: Tab, thing: str) -> bool:
    tab.visit(f"/assistants/{thing}/playground")
    await tab.send("PlaygroundState", "load")
    return not await tab.shown("PlaygroundState", "is_missing")


async def _at_playground(tab: Tab, thing: str, state: str, handler: str, /, **arguments: object) -> None:
    """Whichever assistant a tab believes to try."""
    await tab.plant("PlaygroundState", place=thing, version=1)
    await tab.send(state, handler, **arguments)


async def _restore_assistant(tab: Tab, thing: str) -> None:
    await tab.put_away(thing, "assistant")
    await tab.send("AssistantListState", "restore", assistant_id=thing)


async def _share_assistant(tab: Tab, thing: str) -> None:
    await tab.send("SharingState", "open", object_type="assistant", object_id=thing)


async def _publish_assistant(tab: Tab, thing: str) -> bool:
    """What it lacks is told only to who may publish it."""
    await tab.send("AssistantGalleryState", "ask", dialog="publish", assistant_id=thing, name="x")
    await tab.send("AssistantGalleryState", "publish")
    return True


async def _take_back_assistant(tab: Tab, thing: str) -> None:
    await tab.send("AssistantGalleryState", "ask", dialog="take_back", assistant_id=thing, name="x")
    await tab.send("AssistantGalleryState", "take_back")


async def _see_prompt(tab: Tab, thing: str) -> bool:
    tab.visit(f"/prompts/{thing}")
    await tab.send("PromptState", "load")
    return (await tab.shown("PromptState", "shown")).id == thing


async def _is_listed_prompt(tab: Tab, thing: str) -> bool:
    await tab.send("PromptListState", "load")
    return thing in {row.id for row in await tab.shown("PromptListState", "rows")}


async def _at_prompt(tab: Tab, thing: str, handler: str, /, **arguments: object) -> bool:
    """Whichever prompt a tab believes to show."""
    await tab.plant("PromptState", place=thing, version=1)
    await tab.send("PromptState", handler, **arguments)
    return not await tab.shown("PromptState", "problems")


async def _restore_prompt(tab: Tab, thing: str) -> None:
    await tab.put_away(thing, "prompt")
    await tab.send("PromptListState", "restore", prompt_id=thing)


async def _share_prompt(tab: Tab, thing: str) -> None:
    await tab.send("SharingState", "open", object_type="prompt", object_id=thing)


async def _see_template(tab: Tab, thing: str) -> bool:
    tab.visit(f"/templates/{thing}")
    await tab.send("TemplateState", "load")
    return (await tab.shown("TemplateState", "shown")).id == thing


async def _is_listed_template(tab: Tab, thing: str) -> bool:
    await tab.send("TemplateListState", "load")
    return thing in {row.id for row in await tab.shown("TemplateListState", "rows")}


async def _save_template(tab: Tab, thing: str) -> bool:
    """Whichever template a tab believes to show."""
    await tab.plant("TemplateState", place=thing, _version=1)
    await tab.send("TemplateState", "save", form={"template-name": tab.key()})
    return not await tab.shown("TemplateState", "problem")


async def _at_template(tab: Tab, thing: str, event: str, **given: object) -> None:
    """Whichever template a tab believes to show."""
    await tab.plant("TemplateState", place=thing)
    await tab.send("TemplateState", event, **given)


async def _restore_template(tab: Tab, thing: str) -> None:
    await tab.put_away(thing, "conversation_template")
    await tab.send("TemplateListState", "restore", template_id=thing)


WAYS: tuple[Way, ...] = (
    Way("TemplateState load", "conversation_template", "read", _see_template),
    Way("TemplateListState load", "conversation_template", "read", _is_listed_template),
    Way("TemplateState save", "conversation_template", "write", _save_template),
    Way(
        "TemplateState open_history", "conversation_template", "write",
        lambda tab, thing: _at_template(tab, thing, "open_history"),
    ),
    Way(
        "TemplateState restore_version", "conversation_template", "write",
        lambda tab, thing: _at_template(tab, thing, "restore_version", number=1),
    ),
    Way(
        "TemplateListState delete", "conversation_template", "delete",
        lambda tab, thing: tab.send("TemplateListState", "delete", template_id=thing),
    ),
    Way("TemplateListState restore", "conversation_template", "delete", _restore_template),
    Way(
        "SharingState open", "conversation_template", "share",
        lambda tab, thing: tab.send("SharingState", "open", object_type="conversation_template", object_id=thing),
    ),
    Way("LifeState stay", "conversation", "file", lambda tab, thing: tab.send("LifeState", "stay", ids=[thing])),
    Way("PromptState load", "prompt", "read", _see_prompt),
    Way("PromptListState load", "prompt", "read", _is_listed_prompt),
    Way(
        "PromptState save", "prompt", "write",
        lambda tab, thing: _at_prompt(tab, thing, "save", written={"name": tab.key(), "text": "x"}, why=""),
    ),
    Way("PromptState open_history", "prompt", "write", lambda tab, thing: _at_prompt(tab, thing, "open_history")),
    Way(
        "PromptState restore_version", "prompt", "write",
        lambda tab, thing: _at_prompt(tab, thing, "restore_version", number=1),
    ),
    Way(
        "PromptListState delete", "prompt", "delete",
        lambda tab, thing: tab.send("PromptListState", "delete", prompt_id=thing),
    ),
    Way("PromptListState restore", "prompt", "delete", _restore_prompt),
    Way("SharingState open", "prompt", "share", _share_prompt),
    Way("AssistantState load", "assistant", "read", _see_assistant),
    Way("AssistantListState load", "assistant", "read", _is_listed_assistant),
    Way("AssistantState save", "assistant", "write", _save_assistant),
    Way(
        "AssistantState set_state", "assistant", "write",
        lambda tab, thing: _at_assistant(tab, thing, "AssistantState", "set_state", state="retired"),
    ),
    Way("PlaygroundState load", "assistant", "write", _try_assistant),
    Way(
        "CasesState save", "assistant", "write",
        lambda tab, thing: _at_playground(
            tab, thing, "CasesState", "save", form={"question": "Owls?", "kind-0": "contains", "value-0": "owls"}
        ),
    ),
    Way(
        "RunsState start", "assistant", "write",
        lambda tab, thing: _at_playground(tab, thing, "RunsState", "start", form={"version": "1"}),
    ),
    Way(
        "AssistantVersionsState restore", "assistant", "write",
        lambda tab, thing: _at_assistant(tab, thing, "AssistantVersionsState", "restore", number=1),
    ),
    Way(
        "AssistantListState delete", "assistant", "delete",
        lambda tab, thing: tab.send("AssistantListState", "delete", assistant_id=thing),
    ),
    Way("AssistantListState restore", "assistant", "delete", _restore_assistant),
    Way("SharingState open", "assistant", "share", _share_assistant),
    Way("AssistantGalleryState ask publish", "assistant", "share", _publish_assistant),
    Way("AssistantGalleryState ask take_back", "assistant", "share", _take_back_assistant),
    Way("DocumentListState show_again", "document", "read", _is_listed),
    Way("GET /api/documents/{document_id}/file", "document", "read", _download),
    Way("GET /api/documents/{document_id}/preview", "document", "read", _preview),
    Way("GET /api/documents/{document_id}/transcript", "document", "read", _transcript),
    Way("GET /api/documents/{document_id}/thumbnail", "document", "read", _thumbnail),
    Way("ActState ask_to_rename rename", "document", "write", _rename_document),
    Way("VersionState compare", "document", "read", _compare),
    Way(
        "VersionState restore", "document", "write",
        lambda tab, thing: tab.send("VersionState", "restore", document_id=thing, number=1),
    ),
    Way("ActState retry", "document", "write", lambda tab, thing: tab.send("ActState", "retry", document_id=thing)),
    Way(
        "ActState trash", "document", "delete",
        lambda tab, thing: tab.send("ActState", "trash", document_id=thing, name="x"),
    ),
    Way("ActState restore", "document", "delete", _restore_document),
    Way("TrashState restore", "document", "delete", _restore_from_trash),
    Way("BulkState ask begin", "document", "delete", lambda tab, thing: _ask_of_selected(tab, thing, "trash")),
    Way("BulkState begin", "document", "delete", _begin_unasked),
    Way("BulkState ask_in_trash begin", "document", "delete", _ask_in_trash),
    Way("BulkState ask begin", "document", "write", lambda tab, thing: _ask_of_selected(tab, thing, "review")),
    Way("BulkState ask begin", "document", "read", lambda tab, thing: _ask_of_selected(tab, thing, "export")),
    Way(
        "ActState share", "document", "share",
        lambda tab, thing: tab.send("ActState", "share", document_id=thing, with_everyone=False),
    ),
    Way("BulkState ask begin", "document", "share", _share_selected),
    Way("BulkState move", "document", "move", _move_selected),
    Way("BulkState ask_about", "document", "read", _ask_about),
    Way(
        "ActState favour", "document", "keep",
        lambda tab, thing: tab.send("ActState", "favour", document_id=thing, is_favourite=True),
    ),
    Way(
        "ActState follow", "document", "keep",
        lambda tab, thing: tab.send("ActState", "follow", document_id=thing, is_followed=True),
    ),
    Way(
        "DocumentFolderState file", "document", "move",
        lambda tab, thing: tab.send("DocumentFolderState", "file", document_ids=[thing], folder_id=""),
    ),
    Way("DocumentState follow", "document", "read", _follow),
    Way("SharingState open", "document", "share", _open_sharing),
    Way("SharingState show_tab", "document", "share", lambda tab, thing: _share(tab, thing, "show_tab", tab="access")),
    Way("SharingState find_access", "document", "share", lambda tab, thing: _share(tab, thing, "find_access", text="")),
    Way(
        "SharingState show_more_access", "document", "share",
        lambda tab, thing: _share(tab, thing, "show_more_access"),
    ),
    Way(
        "SharingState give", "document", "share",
        lambda tab, thing: _share(tab, thing, "give", subject_type="person", subject_id=tab.bystander, level="view"),
    ),
    Way("ConversationState open", "conversation", "read", _open_conversation),
    Way("ConversationState send", "conversation", "write", _ask),
    Way(
        "ConversationListState start_renaming rename", "conversation", "file",
        lambda tab, thing: tab.send("ConversationListState", "rename", conversation_id=thing, title="x"),
    ),
    Way(
        "ConversationListState delete", "conversation", "delete",
        lambda tab, thing: tab.send("ConversationListState", "delete", conversation_id=thing),
    ),
    Way("ConversationListState restore", "conversation", "delete", _restore),
    Way("FilingState restore", "conversation", "delete", _restore_many),
    Way(
        "FilingState delete", "conversation", "delete",
        lambda tab, thing: tab.send("FilingState", "delete", ids=[thing]),
    ),
    Way(
        "FilingState archive", "conversation", "keep",
        lambda tab, thing: tab.send("FilingState", "archive", ids=[thing], is_archived=True),
    ),
    Way(
        "PanesState keep_one", "conversation", "file",
        lambda tab, thing: tab.send("PanesState", "keep_one", others=[thing]),
    ),
    Way(
        "FilingState unarchive", "conversation", "keep",
        lambda tab, thing: tab.send("FilingState", "unarchive", ids=thing),
    ),
    Way(
        "FilingState pin", "conversation", "keep",
        lambda tab, thing: tab.send("FilingState", "pin", ids=[thing], is_pinned=True),
    ),
    Way(
        "FilingState move", "conversation", "file",
        lambda tab, thing: tab.send("FilingState", "move", ids=[thing], folder_id=""),
    ),
    Way("POST /api/conversations/export", "conversation", "keep", _export),
    Way("FilingState ask tag add_tag", "conversation", "keep", _tag_conversation),
    Way("ConversationState retry", "conversation", "write", lambda tab, thing: _about_message(tab, thing, "retry")),
    Way("ConversationState resume", "conversation", "write", lambda tab, thing: _about_message(tab, thing, "resume")),
    Way("ConversationState decide", "conversation", "write", _decide),
    Way(
        "BranchState switch", "conversation", "keep",
        lambda tab, thing: tab.send("BranchState", "switch", message_id=tab.answer_of(thing), above=""),
    ),
    Way("BranchState edit", "conversation", "write", _edit_question),
    Way(
        "BranchState fork", "conversation", "keep",
        lambda tab, thing: tab.send("BranchState", "fork", message_id=tab.message_of(thing)),
    ),
    Way("BranchState copy", "conversation", "keep", _copy),
    Way("SharingState open", "conversation", "share", _share_conversation),
    Way("SharingState give", "conversation", "share", _give_conversation),
    Way("CompanyState follow", "conversation", "read", _attend),
    Way(
        "LinksState open", "conversation", "share",
        lambda tab, thing: tab.send("LinksState", "open", conversation_id=thing),
    ),
    Way("LinksState make", "conversation", "share", _make_link),
    Way("LinksState revoke", "conversation", "share", _revoke_link),
    Way(
        "BranchState open_thoughts", "conversation", "read",
        lambda tab, thing: tab.send("BranchState", "open_thoughts", message_id=tab.answer_of(thing)),
    ),
    Way("ContextState measure", "conversation", "read", _measure),
    Way("ContextState choose", "conversation", "write", _choose_when_full),
    Way("ParametersState keep", "conversation", "write", _keep_settings),
    Way("ParametersState as_usual", "conversation", "write", _reset_settings),
    Way("FeedbackState rate", "conversation", "keep", _rate),
    Way("AnswerState watch", "conversation", "read", _watch),
    Way("GroupsState open", "group", "read", _open_group),
    Way(
        "GroupsState add", "group", "write",
        lambda tab, thing: _in_group(tab, thing, "add", member_id=tab.bystander, is_group=False),
    ),
    Way(
        "GroupsState set_manager", "group", "write",
        lambda tab, thing: _in_group(tab, thing, "set_manager", member_id=tab.bystander, is_manager=False),
    ),
    Way(
        "GroupsState remove", "group", "write",
        lambda tab, thing: _in_group(tab, thing, "remove", member_id=tab.bystander),
    ),
    Way("GroupsState ask save", "group", "delete", _edit_group),  # The same right as to delete it.
    Way("GroupsState ask delete", "group", "delete", _delete_group),
    Way("RolesState ask save", "role", "write", _edit_role),
    Way(
        "RolesState require_factor", "role", "write",
        lambda tab, thing: tab.send("RolesState", "require_factor", key=thing, is_required=False),
    ),
    Way("RolesState ask delete", "role", "delete", _delete_role),
    Way(
        "ModelsState enable", "provider", "write",
        lambda tab, thing: tab.send("ModelsState", "enable", provider_id=thing, is_enabled=False),
    ),
    Way("ModelsState test", "provider", "write", lambda tab, thing: tab.send("ModelsState", "test", provider_id=thing)),
    Way("ModelsState ask_to_delete delete", "provider", "delete", _delete_provider),
    Way(
        "ProviderState discover", "provider", "write",
        _discover,
    ),
    Way("PersonState show_again", "person", "read", _see_person),
    Way(
        "PersonState give_role", "person", "write",
        lambda tab, thing: _with_person(tab, thing, "give_role", key="member"),
    ),
    Way("PersonState end_devices", "person", "write", lambda tab, thing: _with_person(tab, thing, "end_devices")),
    Way("PersonState reset_factors", "person", "write", lambda tab, thing: _with_person(tab, thing, "reset_factors")),
    Way("PersonState reactivate", "person", "write", lambda tab, thing: _with_person(tab, thing, "reactivate")),
    Way("PersonState deactivate", "person", "delete", lambda tab, thing: _with_person(tab, thing, "deactivate")),
    Way(
        "PersonState end_device", "person", "write",
        lambda tab, thing: _with_person(tab, thing, "end_device", session_id=tab.key()),
    ),
    # Those who may delete groups change who is in one from the page of a person; managers do from the group's.
    Way("PersonState add_group", "group", "delete", lambda tab, thing: _group_of_person(tab, thing, "add_group")),
    Way("PersonState remove_group", "group", "delete", lambda tab, thing: _group_of_person(tab, thing, "remove_group")),
    Way(
        "DeletionState ask", "person", "delete",
        lambda tab, thing: tab.send("DeletionState", "ask", person_id=thing),
    ),
    Way(
        "InvitationsState make_link", "invitation", "write",
        lambda tab, thing: tab.send("InvitationsState", "make_link", invitation_id=thing),
    ),
    Way(
        "InvitationsState send_again", "invitation", "write",
        lambda tab, thing: tab.send("InvitationsState", "send_again", invitation_id=thing),
    ),
    Way(
        "InvitationsState revoke", "invitation", "delete",
        lambda tab, thing: tab.send("InvitationsState", "revoke", invitation_id=thing),
    ),
    Way("DevicesState end", "session", "delete", lambda tab, thing: tab.send("DevicesState", "end", session_id=thing)),
    Way("KeysState revoke", "key", "delete", lambda tab, thing: tab.send("KeysState", "revoke", key_id=thing)),
    Way(
        "FactorState remove_passkey", "passkey", "delete",
        lambda tab, thing: tab.send("FactorState", "remove_passkey", passkey_id=thing),
    ),
)  # fmt: skip

# Told something that looks like an id, with no thing behind it that another line or another test would not walk.
WITHOUT_THING: dict[str, str] = {
    "CasesState delete edit": "test cases: tests/integration/playground/test_runs.py",
    "RunsState compare open resume stop": "runs of test cases: tests/integration/playground/test_runs.py",
    "AssistantDefaultsState choose": "tests/integration/assistants/test_assistants.py",
    "AssistantPlacesState add remove": "takes only rows that are shown; saving asks whether one sees them",
    "POST /api/attachments/documents/{document_id}": "tests/integration/chat/test_attachments.py",
    "GET /api/attachments/{attachment_id}": "tests/integration/chat/test_attachments.py",
    "GET /api/attachments/{attachment_id}/image": "tests/integration/chat/test_attachments.py",
    "DELETE /api/attachments/{attachment_id}": "tests/integration/chat/test_attachments.py",
    "TriggerState take_prompt take_question": "tests/integration/chat/test_triggers.py",
    "FileState save_answer save_document": "tests/integration/chat/test_attachments.py",
    "TemplateState add_document remove_document remove_exchange": "takes only rows that are shown",
    "StartState start make": "tests/integration/chat/test_conversation_templates.py",
    "LifeState keep": "temporary chats: tests/integration/chat/test_temporary.py",
    "PromptListState duplicate": "tests/integration/prompts/test_prompt_library.py",
    "AssistantListState duplicate set_favourite": "tests/integration/assistants/test_assistants.py",
    "AssistantGalleryState ask remove": "reviewers decide of anybody's: tests/integration/assistants/test_gallery.py",
    "AssistantReviewState look_at accept refuse": "likewise",
    "AssistantTemplatesState choose": "keys of files; fills a form and keeps nothing",
    "GET /api/assistants/{assistant_id}/export": "tests/integration/assistants/test_exchange.py",
    "GET /api/assistant-pictures/{digest}": "tests/integration/assistants/test_pictures.py",
    "SpeakerState choose": "shows an assistant that answers; tests/integration/assistants/test_assistants.py",
    "ConversationListState show_shelf": "lists one's own conversations only: tests/integration/chat/test_folders.py",
    "FilingState ask_of_folder move_folder": "folders: tests/integration/chat/test_folders.py",
    "FolderBriefState open": "likewise",
    "DocumentFolderState toggle ask ask_where nest put": "tests/integration/knowledge/test_document_folders.py",
    "DocumentListState show_folder leave_folder": "likewise",
    "SourcesState ask delete open open_run pause run_now stop": "sources: tests/integration/knowledge/test_sources.py",
    "SourceFormState choose edit keep": "likewise",
    "StaleState mark_reviewed": "tests/integration/knowledge/test_freshness.py",
    "RulesState delete open pause write": "rules: tests/integration/knowledge/test_rules.py",
    "SuggestionState accept_here dismiss_here": "tests/integration/knowledge/test_suggestions.py",
    "SuggestionState accept_selected dismiss_selected": "likewise",
    "TagFiguresState ask": "takes only rows that are shown; tests/integration/knowledge/test_tag_figures.py",
    "TagsState ask merge": "tags: tests/integration/knowledge/test_tags.py",
    "DocumentListState open_collection": "collections: tests/integration/knowledge/test_collections.py",
    "CollectionState ask": "likewise",
    "FolderBriefState add remove": "takes only rows that are shown; saving asks whether one sees them",
    "ConversationImportState brought": "files of one's own: tests/integration/chat/test_conversation_files.py",
    "ToastState dismiss undo": "the tab's own notices",
    "BudgetsState ask choose": "asks about what is listed only; tests/integration/usage/test_managing.py",
    "RolesState choose": "the name of a permission; saving asks whether one may give it",
    "DocumentLinksState open revoke": "links: tests/integration/knowledge/test_document_links.py",
    "LinkedDocumentsState show": "likewise; takes only rows that are shown",
    "GET /api/links/{token}/documents/{document_id}/file": "likewise",
    "GET /api/links/{token}/documents/{document_id}/pages/{number}": "likewise",
    "GET /api/links/{token}/documents/{document_id}/preview": "likewise",
    "GET /api/links/{token}/documents/{document_id}/thumbnail": "likewise",
    "ChunkingState drop retry switch": "sets of passages: tests/integration/knowledge/test_chunking.py",
    "CutFormState add_rule choose raise_rule remove_rule set_rule": "takes only rows that are shown",
    "CutFormState set_model": "models by name: tests/integration/knowledge/test_models_on_trial.py",
    "TrialsState choose": "likewise",
    "TrialsState delete": "test questions: tests/integration/knowledge/test_search_questions.py",
    "SpaceState choose remove": "tests/integration/files/test_quotas.py",
    "QuestionsState answer ask assign set_aside": "tests/integration/chat/test_unanswered.py",
    "ActState select": "takes only rows that are shown",
    "TrashState select": "likewise",
    "DuplicatesState choose settle": "two documents at once: tests/integration/knowledge/test_duplicates.py",
    "AlikeUploadsState follow": "uploads by their ids: tests/integration/knowledge/test_duplicates.py",
    "BulkState cancel retry undo": "jobs are one's own alone: tests/integration/knowledge/test_bulk.py",
    "JobsState open": "likewise",
    "GET /api/documents/bulk/{job_id}/file": "likewise",
    "GET /api/documents/{document_id}/pages/{number}": "of PDFs: tests/integration/knowledge/test_previews.py",
    "GET /api/documents/{document_id}/versions/{version_id}/preview": "tests/integration/knowledge/test_previews.py",
    "GET /api/documents/{document_id}/versions/{version_id}/transcript": "asks as the document's own does",
    "GET /api/documents/{document_id}/versions/{version_id}/file": "likewise",
    "GET /api/documents/{document_id}/versions/{version_id}/pages/{number}": "likewise",
    "ModelsState set_default": "models by name: tests/integration/llm/test_workspace_models.py",
    "ModelPanelState open replace_by": "models by name: tests/integration/llm/test_workspace_models.py",
    "ModelAccessState open give take": "models by name: tests/integration/llm/test_workspace_models.py",
    "ProviderState ask": "shows what is listed only; saving it: tests/integration/llm/test_workspace_models.py",
    "FollowUpState watch": "questions that may follow: tests/integration/chat/test_follow_ups.py",
    "ArtifactState open": "what answers made: tests/integration/chat/test_artifact_frames.py",
    "GET /api/artifacts/{message_id}/{number}": "likewise",
    "QueueState load edit remove send_now": "tests/integration/chat/test_queue.py",
    "PassageState open": "citations: tests/integration/chat/test_conversations.py",
    "ContextState save_note": "notes: tests/integration/chat/test_context.py",
    "FactorState ask_to_rename": "opens a field",
    "PeopleActState select": "what is selected gives no right: tests/integration/identity/test_memberships.py",
    "DeletionState choose_heir": "takes only people who were found; who is given something is checked when it is done",
    "ImportState preview": "a form of text",
    "POST /api/people/lists/{list_id}/links": "lists: tests/integration/identity/test_list_routes.py, test_lists.py",
    "MailsState want": "the name of a kind of mail",
    "NotificationState read": "one's own alone: tests/integration/notifications/test_notifications.py",
    "ToldState want_digest want_in_browser want_on_page": "the name of a kind of notification",
    "GET /api/people/{account_id}/avatar/{digest}": "pictures are for all: tests/integration/identity/test_profiles.py",
    "POST /auth/look-as": "replaces the session of whoever walks: tests/integration/identity/test_looking.py",
}
