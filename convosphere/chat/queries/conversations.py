"""The SQL of conversations, their messages and branches."""

from datetime import datetime, timedelta
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import delete, func, select, text
from sqlmodel import col

from convosphere.assistants.schemas import Settings
from convosphere.chat.access import OBJECT_TYPE
from convosphere.chat.models import Conversation, Message
from convosphere.chat.parameters import USUAL, as_kept
from convosphere.chat.queries.access import GIVEN, IS_SHARED, MAY
from convosphere.chat.queries.folder_access import FOLDERS_ABOVE, MAY_VIEW_FOLDER
from convosphere.chat.queries.retention import LEAVES_AT
from convosphere.chat.queries.temporary import IS_TEMPORARY, LEASE
from convosphere.chat.schemas import EVERYTHING, ConversationRow, Heading, Shelf, ShelfKind
from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import Level, may_access

# {whose} says whose they are, {on_shelf} is one of `_ON_SHELF`. Tags and titles of folders are read for what is shown,
# never for all.
_LIST_CONVERSATIONS = """
    SELECT c.id, c.title, c.updated_at, v.active_leaf_id AS leaf_id, v.pinned_at IS NOT NULL AS is_pinned,
        v.archived_at IS NOT NULL AS is_archived, c.folder_id, ARRAY(
            SELECT t.name FROM conversation_tag AS t
            WHERE t.conversation_id = c.id AND t.account_id = :account_id ORDER BY t.name
        ) AS tags, c.id IN (
            SELECT m.conversation_id FROM message_generation AS g JOIN message AS m ON m.id = g.message_id
            WHERE g.lease_until > now()
        ) AS is_streaming, coalesce(v.is_unread, c.owner_id <> :account_id) AS is_unread, c.has_queue,
        {is_shared} AS is_shared, c.owner_id = :account_id AS is_own,
        (SELECT m.status FROM message AS m WHERE m.id = v.active_leaf_id) AS leaf_status
    FROM conversation AS c LEFT JOIN conversation_view AS v ON v.conversation_id = c.id AND v.account_id = :account_id
    WHERE {whose} AND c.deleted_at IS NULL AND c.expires_at IS NULL AND {on_shelf}
        AND (CAST(:before AS timestamptz) IS NULL OR (c.updated_at, c.id) < (:before, CAST(:before_id AS uuid)))
    ORDER BY c.updated_at DESC, c.id DESC LIMIT :limit
"""
# Who has lost a folder keeps their conversations, which then lie outside of all folders.
_OUTSIDE = f"NOT EXISTS (SELECT FROM conversation_folder AS f WHERE f.id = c.folder_id AND {MAY_VIEW_FOLDER})"
_ON_SHELF: dict[ShelfKind, str] = {
    "all": "v.archived_at IS NULL",
    "loose": f"v.archived_at IS NULL AND v.pinned_at IS NULL AND (c.folder_id IS NULL OR {_OUTSIDE})",
    "pinned": "v.archived_at IS NULL AND v.pinned_at IS NOT NULL",
    "archive": "v.archived_at IS NOT NULL",
    "folder": "v.archived_at IS NULL AND c.folder_id = :folder_id",
    "tag": "v.archived_at IS NULL AND EXISTS (SELECT FROM conversation_tag AS t WHERE t.conversation_id = c.id"
    " AND t.account_id = :account_id AND t.name = :tag)",
    "leaving": f"{LEAVES_AT} <= now() + interval '7 days'",
    "shared": "v.archived_at IS NULL",
}


def _statement(kind: ShelfKind, whose: str) -> str:
    return f"({_LIST_CONVERSATIONS.format(whose=whose, is_shared=IS_SHARED, on_shelf=_ON_SHELF[kind])})"


_OWN = "c.owner_id = :account_id"
_STATEMENTS = {kind: _statement(kind, GIVEN if kind == "shared" else _OWN) for kind in _ON_SHELF}
# Pins, archive and tags are each person's own, of whatever they see.
_OF_ALL: tuple[ShelfKind, ...] = ("pinned", "archive", "tag")
_STATEMENTS |= {
    kind: f"(SELECT * FROM ({_STATEMENTS[kind]} UNION ALL {_statement(kind, GIVEN)}) AS both_whose"  # noqa: S608
    " ORDER BY updated_at DESC, id DESC LIMIT :limit)"
    for kind in _OF_ALL
}
_SHELVES = {kind: text(statement) for kind, statement in _STATEMENTS.items()}
_SHELVES["home"] = text(f"{_STATEMENTS['pinned']} UNION ALL {_STATEMENTS['loose']}")
_FOLLOW_UPS = """(
        SELECT p.has_follow_ups FROM chat_preference AS p
        WHERE p.account_id = :account_id AND p.workspace_id = c.workspace_id
    ) AS has_follow_ups
"""
# What the folders say, and then what the conversation has of its own.
_GROUND = f"""CASE WHEN c.folder_id IS NOT NULL OR c.instructions <> '' OR c.document_ids <> '{{}}'
        THEN coalesce({FOLDERS_ABOVE}, '[]') || jsonb_build_array(jsonb_build_object(
            'name', '', 'instructions', c.instructions, 'document_ids', c.document_ids
        )) END"""
_HEADING = f"""
    SELECT id, title, model, is_title_automatic, when_full, (
        SELECT d.when_full FROM context_default AS d WHERE d.workspace_id = c.workspace_id
    ) AS default_when_full, (
        SELECT jsonb_object_agg(n.last_message_id, n.text) FROM conversation_note AS n WHERE n.conversation_id = c.id
    ) AS notes, {_FOLLOW_UPS}, {_GROUND} AS folders, c.expires_at IS NOT NULL AS is_temporary,
        {IS_SHARED} AS is_shared, c.parameters
    FROM conversation AS c WHERE c.deleted_at IS NULL
"""  # noqa: S608  # Of constants.
_OF_MESSAGE = "c.id = (SELECT conversation_id FROM message WHERE id = :message_id)"
_HOLD_CONVERSATION = text(f"{_HEADING} AND {MAY['use']} AND c.id = :conversation_id FOR UPDATE OF c")
_HOLD_CONVERSATION_OF = {
    level: text(f"{_HEADING} AND {may} AND {_OF_MESSAGE} FOR UPDATE OF c") for level, may in MAY.items()
}
_GET_HEADING = text(f"{_HEADING} AND {MAY['view']} AND c.id = :conversation_id")
# What the workspace says of temporary ones counts. Their titles, made of the first words, go nowhere.
_ADD_CONVERSATION = text(
    f"""
    INSERT INTO conversation AS c (
        id, workspace_id, owner_id, folder_id, title, is_title_automatic, expires_at, parameters
    )
    SELECT :conversation_id, :workspace_id, :account_id, CAST(:folder_id AS uuid),
        CASE WHEN r.is_temporary THEN '' ELSE :title END, NOT r.is_temporary,
        CASE WHEN r.is_temporary THEN now() + CAST(:lease AS interval) END, :parameters
    FROM (SELECT {IS_TEMPORARY}) AS r (is_temporary) ON CONFLICT DO NOTHING
    RETURNING id, title, is_title_automatic, expires_at IS NOT NULL AS is_temporary, parameters, {_FOLLOW_UPS}
    """  # noqa: S608
)
_SET_SPEAKER = text(
    """
    UPDATE conversation SET model = :model, assistant_id = :assistant_id, updated_at = :used_at
    WHERE id = :conversation_id
    """
)
_SET_PARAMETERS = text("UPDATE conversation SET parameters = :parameters WHERE id = :conversation_id")
_SET_AUTOMATIC_TITLE = text("UPDATE conversation SET title = :title WHERE id = :conversation_id AND is_title_automatic")
_SET_LEAF = text(
    """
    INSERT INTO conversation_view (conversation_id, account_id, workspace_id, active_leaf_id)
    VALUES (:conversation_id, :account_id, :workspace_id, :leaf_id)
    ON CONFLICT (conversation_id, account_id) DO UPDATE
    SET active_leaf_id = excluded.active_leaf_id, is_unread = false
    """
)
_FORGET_GRANTS = text(
    f"DELETE FROM access_grant WHERE object_type = '{OBJECT_TYPE}' AND object_id = ANY (CAST(:ids AS uuid[]))"  # noqa: S608
)


async def list_conversations(
    uow: UnitOfWork, *, before: tuple[datetime, UUID] | None, limit: int, shelf: Shelf = EVERYTHING
) -> list[ConversationRow]:
    """The actor's conversations on a shelf, or those shared with them, latest first, from a place in that order on."""
    moment, conversation_id = before or (None, None)
    given = {
        "account_id": uow.account_id, "before": moment, "before_id": conversation_id, "limit": limit,
        "folder_id": shelf.folder_id, "tag": shelf.tag,
    }  # fmt: skip
    return await uow.rows(ConversationRow, _SHELVES[shelf.kind], given)


async def get_conversation(
    uow: UnitOfWork, conversation_id: UUID, level: Level | None = None, *, lock: bool = False,
    deleted: bool | None = False,
) -> Conversation:  # fmt: skip
    """A conversation with which the actor may do `level`, or one of their own; with `deleted` None deleted or not.

    Raises:
        NotFoundError: there is none with this id that the actor may see.
    """
    owner_id = col(Conversation.owner_id)
    may = may_access(uow.actor, OBJECT_TYPE, col(Conversation.id), owner_id, level) if level else None
    statement = select(Conversation).where(
        col(Conversation.id) == conversation_id, owner_id == uow.account_id if may is None else may
    )
    if deleted is not None:
        statement = statement.where(col(Conversation.deleted_at).is_not(None) == deleted)
    conversation = await uow.session.scalar(statement.with_for_update() if lock else statement)
    if conversation is None:
        raise NotFoundError
    return conversation


async def hold_conversation(uow: UnitOfWork, conversation_id: UUID) -> Heading:
    """A conversation in which the actor may ask, and nobody else asks or ends an answer until this unit ends.

    What else is asked of it under this lock must be asked in statements after this one, which see what others have
    done before.

    Raises:
        NotFoundError: there is none with this id that the actor may see.
    """
    given = {"conversation_id": conversation_id, "account_id": uow.account_id}
    return _found(await uow.row(Heading, _HOLD_CONVERSATION, given))


async def get_heading(uow: UnitOfWork, conversation_id: UUID) -> Heading:
    """What hold_conversation gives, of one that the actor sees, without keeping anybody waiting."""
    given = {"conversation_id": conversation_id, "account_id": uow.account_id}
    return _found(await uow.row(Heading, _GET_HEADING, given))


async def hold_conversation_of(uow: UnitOfWork, message_id: UUID, level: Level = "use") -> Heading:
    """The same for the conversation of a message, if the actor may do `level` with it."""
    given = {"message_id": message_id, "account_id": uow.account_id}
    return _found(await uow.row(Heading, _HOLD_CONVERSATION_OF[level], given))


async def add_conversation(
    uow: UnitOfWork, conversation_id: UUID, title: str, folder_id: UUID | None = None, *, is_temporary: bool = False,
    settings: Settings = USUAL,
) -> Heading | None:  # fmt: skip
    """Begin a conversation; None when there is one with this id. Of two at once, one waits and then gets None.

    Whether it is a temporary one is for the workspace to say, whatever is asked for.
    """
    given = {
        "conversation_id": conversation_id, "workspace_id": uow.workspace_id, "account_id": uow.account_id,
        "title": title, "folder_id": folder_id, "is_temporary": is_temporary, "lease": LEASE,
        "parameters": Jsonb(as_kept(settings)),
    }  # fmt: skip
    return await uow.row(Heading, _ADD_CONVERSATION, given)


def set_active_leaf(uow: UnitOfWork, conversation_id: UUID, leaf_id: UUID) -> None:
    """Look at another branch, or at what has come; nothing is unseen any more."""
    given = {
        "conversation_id": conversation_id, "account_id": uow.account_id, "workspace_id": uow.workspace_id,
        "leaf_id": leaf_id,
    }  # fmt: skip
    uow.defer(_SET_LEAF, given)


def set_speaker(
    uow: UnitOfWork, conversation_id: UUID, model: str, assistant_id: UUID | None, used_at: datetime
) -> None:
    """Keep which model answers in a conversation and for which assistant, and when it was used last."""
    given = {"conversation_id": conversation_id, "model": model, "assistant_id": assistant_id, "used_at": used_at}
    uow.defer(_SET_SPEAKER, given)


def set_parameters(uow: UnitOfWork, conversation_id: UUID, settings: Settings) -> None:
    """Keep how the model is to answer in a conversation that is held."""
    uow.defer(_SET_PARAMETERS, {"conversation_id": conversation_id, "parameters": Jsonb(as_kept(settings))})


def set_automatic_title(uow: UnitOfWork, conversation_id: UUID, title: str) -> None:
    """Set a title unless a person chose one."""
    uow.defer(_SET_AUTOMATIC_TITLE, {"conversation_id": conversation_id, "title": title})


async def purge_conversation(uow: UnitOfWork, conversation_id: UUID, undo_time: timedelta) -> None:
    """Remove a conversation with all its messages if it was deleted so long ago."""
    purged = (
        delete(Conversation)
        .where(col(Conversation.id) == conversation_id, col(Conversation.deleted_at) < func.now() - undo_time)
        .returning(col(Conversation.id))
    )
    gone = (await uow.session.scalars(purged)).all()
    await uow.session.execute(_FORGET_GRANTS, {"ids": list(gone)})


def _found(heading: Heading | None) -> Heading:
    if heading is None:
        raise NotFoundError
    return heading


async def count_owned(uow: UnitOfWork, account_id: UUID) -> int:
    """How many conversations a person has."""
    owned = select(func.count()).select_from(Conversation).where(col(Conversation.owner_id) == account_id)
    return await uow.session.scalar(owned) or 0


async def list_running_of(uow: UnitOfWork, account_id: UUID) -> list[UUID]:
    """The answers that are being written for a person."""
    running = (
        select(col(Message.id))
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(col(Conversation.owner_id) == account_id, col(Message.status) == "streaming")
    )
    return list(await uow.session.scalars(running))


async def delete_owned(uow: UnitOfWork, account_id: UUID, most: int) -> int:
    """Delete some of a person's conversations with all their messages; gives how many."""
    some = select(col(Conversation.id)).where(col(Conversation.owner_id) == account_id).limit(most)
    deleted = delete(Conversation).where(col(Conversation.id).in_(some)).returning(col(Conversation.id))
    gone = (await uow.session.scalars(deleted)).all()
    await uow.session.execute(_FORGET_GRANTS, {"ids": list(gone)})
    return len(gone)
