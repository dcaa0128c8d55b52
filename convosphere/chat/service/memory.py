"""What a model remembers of a conversation: where it begins, and the note that stands for what came before."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from convosphere.answers.schemas import WhenFull
from convosphere.assistants.schemas import Briefing
from convosphere.chat.assignment import Assignment
from convosphere.chat.generation import Generation
from convosphere.chat.schemas import Heading, Memory, MessageView
from convosphere.llm.schemas import ChatMessage

HISTORY_SIZE = 120
"""Messages of a branch that are read for a question."""
KEPT = 72
"""Those of them that stay where a branch is longer, so that the next questions need not lose any."""


def recall(heading: Heading, history: Sequence[MessageView]) -> Memory:
    """What was said and is not in a note yet. Of a branch that is longer than what is read, its end."""
    messages = [message for message in history if message.text]
    summary, first = _note_of(heading, messages)
    messages = messages[first:]
    begun = _begun(messages)
    is_whole = bool(summary) or not history or history[0].parent_id is None
    if is_whole:
        return Memory(tuple(messages), begun, summary)
    start = begun or _question_from(messages, len(messages) - KEPT)
    return Memory(tuple(messages[start:]))


def said(messages: Sequence[MessageView]) -> tuple[ChatMessage, ...]:
    """The same as a model reads it."""
    return tuple(ChatMessage("user" if message.role == "user" else "assistant", message.text) for message in messages)


def policy(heading: Heading, speaker: Briefing | None) -> WhenFull:
    """What becomes of a conversation that is too long: as its person chose, else the assistant, else the workspace."""
    return WhenFull(heading.when_full) if heading.when_full else usual_policy(heading, speaker)


def usual_policy(heading: Heading, speaker: Briefing | None) -> WhenFull:
    """The same where its person has not chosen."""
    own = speaker.when_full if speaker else None
    return own or WhenFull(heading.default_when_full or WhenFull.DROP)


def remembered(assignment: Assignment, generation: Generation) -> tuple[UUID | None, dict[str, int] | None]:
    """For the answer's row: the first message that its model read, and what the prompt took."""
    prompt = generation.prompt
    if prompt is None:
        return None, None
    ids = (*assignment.history_ids, assignment.question_id)
    return ids[prompt.left_out], asdict(prompt.use)


def _note_of(heading: Heading, messages: Sequence[MessageView]) -> tuple[str, int]:
    """The latest note of the branch, and the place of the first message after it."""
    notes = heading.notes or {}
    for place in range(len(messages), 0, -1):
        if note := notes.get(str(messages[place - 1].id)):
            return note, place
    return "", 0


def _begun(messages: Sequence[MessageView]) -> int:
    latest = next((message.begins_at for message in reversed(messages) if message.begins_at), None)
    return next((place for place, message in enumerate(messages) if message.id == latest), 0)


def _question_from(messages: Sequence[MessageView], place: int) -> int:
    later = range(max(0, place), len(messages))
    return next((number for number in later if messages[number].role == "user"), len(messages))
