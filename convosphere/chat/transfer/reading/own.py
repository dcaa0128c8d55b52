"""The product's own files, see `schema`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from convosphere.chat.transfer.reading.errors import Fault, ImportRefusedError, PassedOverError
from convosphere.chat.transfer.reading.fields import not_later_than_now, tags_of, title_of
from convosphere.chat.transfer.schema import FILES_FOLDER, FORMAT, MOST_MESSAGES, VERSION, PortableConversation
from convosphere.core.i18n import t

SOURCE: Final = "convosphere"


def is_own(head: Mapping[str, object]) -> bool:
    """Whether a file says that it is one of these.

    Raises:
        ImportRefusedError: it is, and of a later version than this product reads.
    """
    if head.get("format") != FORMAT:
        return False
    version = head.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise ImportRefusedError(t("This file is damaged: it does not say of which version it is."))
    if version > VERSION:
        raise ImportRefusedError(t("This file is of a newer ConvoSphere. Update this one first."))
    return True


def read(item: Mapping[str, object]) -> PortableConversation:
    """A conversation with all its branches.

    Raises:
        PassedOverError: it cannot be taken in.
    """
    title = title_of(item.get("title"))
    try:
        conversation = PortableConversation.model_validate(item)
    except ValidationError:
        raise PassedOverError(Fault.DAMAGED, title) from None
    if not conversation.messages:
        raise PassedOverError(Fault.EMPTY, title)
    if len(conversation.messages) > MOST_MESSAGES:
        raise PassedOverError(Fault.TOO_LARGE, title)
    if fault := _fault(conversation):
        raise PassedOverError(fault, title)
    return conversation.model_copy(
        update={
            "title": title,
            "tags": tags_of(list(conversation.tags))[:20],
            "created_at": not_later_than_now(conversation.created_at),
            "updated_at": not_later_than_now(conversation.updated_at),
        }
    )


@dataclass(frozen=True)
class _Numbers:
    known: frozenset[int]

    def precede(self, number: int, *others: int | None) -> bool:
        return all(other is None or (other in self.known and other < number) for other in others)


def _fault(conversation: PortableConversation) -> Fault | None:
    """What of its numbers and places does not hold together."""
    in_order = [message.number for message in conversation.messages]
    numbers = _Numbers(frozenset(in_order))
    if in_order != sorted(numbers.known):
        return Fault.DAMAGED
    if not all(numbers.precede(each.number, each.parent) for each in conversation.messages):
        return Fault.CIRCLE
    named = {conversation.active} - {None} | {note.last_message for note in conversation.notes}
    is_sound = (
        named <= numbers.known
        and all(numbers.precede(each.number, each.begins_at) for each in conversation.messages)
        and all(
            file.content is None or file.content.startswith(FILES_FOLDER)
            for each in conversation.messages
            for file in each.files
        )
        and all(
            len({citation.number for citation in each.citations}) == len(each.citations)
            for each in conversation.messages
        )
    )
    return None if is_sound else Fault.DAMAGED
