"""How full a conversation is, and what becomes of it then."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from convosphere.answers.context import MESSAGE_TOKENS, room_for, summary_text, system_text
from convosphere.answers.schemas import Brief, ContextUse, WhenFull
from convosphere.assistants.schemas import Briefing, Settings
from convosphere.assistants.service.asking import briefing
from convosphere.chat.attachments import attached_files
from convosphere.chat.folders import common_ground, on_common_ground
from convosphere.chat.parameters import USUAL, as_kept, settings_of
from convosphere.chat.queries import branches as branch_queries
from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.queries import messages as message_queries
from convosphere.chat.queries import notes as note_queries
from convosphere.chat.schemas import ContextView, Heading, Memory, MessageView, Note
from convosphere.chat.service.memory import HISTORY_SIZE, recall, said, usual_policy
from convosphere.core.audit.actions import LONG_CONVERSATIONS_SET
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.llm.gateway import current_gateway
from convosphere.llm.schemas import NO_PARAMETERS, Model
from convosphere.llm.tokenizers import counter_of, counts_exactly
from convosphere.llm.tokens import estimate_tokens

LONGEST_NOTE = 8_000
"""Characters."""


@dataclass(frozen=True)
class _Place:
    """A conversation, and how many tokens the passages of its last answer took."""

    heading: Heading
    memory: Memory
    note: Note | None
    passages: int
    last_began_at: UUID | None
    usual: WhenFull


async def measure(
    actor: Actor, conversation_id: UUID | None, *, model: str = "", assistant_id: UUID | None = None,
    settings: Settings = USUAL,
) -> ContextView:  # fmt: skip
    """How much of what a model reads a conversation takes, for whoever answers next; without one, a new one with these
    `settings`.

    Passages are as many as for the last answer, since nobody knows what the next question finds.
    """
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        speaker, _ = await briefing(uow, assistant_id)
        if conversation_id is None:
            default = await note_queries.get_default(uow) or None
            heading = Heading(UUID(int=0), "", default_when_full=default, parameters=as_kept(settings))
            branch: Sequence[MessageView] = ()
        else:
            heading = await conversation_queries.get_heading(uow, conversation_id)
            place = await branch_queries.get_place(uow, conversation_id)
            branch = await message_queries.get_branch(uow, conversation_id, place.leaf_id, HISTORY_SIZE)
        memory = recall(heading, branch)
        latest = next((message for message in reversed(branch) if message.role == "assistant"), None)
        use = await note_queries.get_use(uow, latest.id) if latest else {}
        note, began_at = await _note(uow, branch, memory), latest.begins_at if latest else None
    found = _Place(heading, memory, note, use.get("passages", 0), began_at, usual_policy(heading, speaker))
    answering = await current_gateway().get_model(actor, model or (speaker.model if speaker else ""))
    chosen = settings_of(heading.parameters).parameters(speaker.parameters if speaker else NO_PARAMETERS)
    brief = replace(_brief(memory, speaker), parameters=chosen.known_to(answering))
    brief = on_common_ground(brief, common_ground(heading.folders))
    return _view(answering, brief, found)


async def choose(actor: Actor, conversation_id: UUID, when_full: str) -> None:
    """Say what becomes of a conversation that is longer than its model reads.

    Raises:
        InvalidInputError: it is no `WhenFull`.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    async with unit_of_work(actor) as uow:
        await note_queries.set_when_full(uow, conversation_id, _known(when_full))


async def choose_for_all(actor: Actor, when_full: str) -> None:
    """Say the same for all conversations of the workspace for which nobody has.

    Raises:
        InvalidInputError: it is no `WhenFull`.
    """
    require(actor, Permission.WORKSPACE_MANAGE)
    after = _known(when_full)
    async with unit_of_work(actor) as uow:
        before = await note_queries.get_default(uow) or WhenFull.DROP.value
        note_queries.set_default(uow, after)
        uow.record(LONG_CONVERSATIONS_SET, before={"when_full": before}, after={"when_full": after})


async def edit_note(actor: Actor, last_message_id: UUID, text: str) -> None:
    """Write a note as a person wants it; the next answers read it so.

    Raises:
        InvalidInputError: it is empty or too long.
    """
    require(actor, Permission.CONVERSATION_WRITE)
    text = text.replace("\x00", "").strip()
    if not text or len(text) > LONGEST_NOTE:
        raise InvalidInputError(t("A note has between 1 and {count} characters.", count=LONGEST_NOTE))
    async with unit_of_work(actor) as uow:
        await note_queries.edit_note(uow, last_message_id, text)


def _known(when_full: str) -> str:
    if when_full not in set(WhenFull):
        raise InvalidInputError(t("There is no such choice."))
    return when_full


async def _note(uow: UnitOfWork, branch: Sequence[MessageView], memory: Memory) -> Note | None:
    """The note before the first message that is remembered."""
    if not memory.summary:
        return None
    kept = {message.id for message in memory.messages}
    last = [message.id for message in branch if message.text and message.id not in kept][-1]
    return Note(memory.summary, last, await note_queries.is_edited(uow, last))


def _brief(memory: Memory, speaker: Briefing | None) -> Brief:
    brief = Brief("", said(memory.messages), "", "", begun=memory.begun, summary=memory.summary)
    if speaker is None:
        return brief
    return replace(brief, instructions=speaker.instructions, knowledge=speaker.knowledge, citations=speaker.citations)


def _view(model: Model, brief: Brief, place: _Place) -> ContextView:
    room, count, heading = room_for(model, brief), counter_of(model.id), place.heading
    instructions = system_text(brief)
    taken = sum(count(message.text) + MESSAGE_TOKENS for message in brief.history[brief.begun :])
    taken += sum(_weight(message, model) for message in place.memory.messages[place.memory.begun :])
    sample = "\n".join([instructions, *(message.text for message in brief.history[-4:])])
    return ContextView(
        ContextUse(
            limit=room.prompt + room.answer,
            instructions=count(instructions),
            passages=0 if brief.knowledge.is_empty else place.passages,
            history=taken + count(summary_text(brief)),
            question=0,
            answer=room.answer,
        ),
        is_exact=counts_exactly(model.id),
        scale=count(sample) / max(1, estimate_tokens(sample)),
        begins_at=_begins_at(place.memory),
        note=place.note,
        when_full=WhenFull(heading.when_full) if heading.when_full else None,
        default_when_full=place.usual,
        last_began_at=place.last_began_at,
    )


def _weight(message: MessageView, model: Model) -> int:
    """What the files of a message take with it: nothing before the Reader, which searches them, or unseen."""
    files = [file for file in attached_files(message.files) if file.kind != "image" or "vision" in model.capabilities]
    return 0 if model.is_reader else sum(file.tokens for file in files)


def _begins_at(memory: Memory) -> UUID | None:
    """The first message that is remembered, unless nothing came before it."""
    if memory.begun >= len(memory.messages):
        return None
    first = memory.messages[memory.begun]
    return first.id if first.parent_id else None
