"""All conversations of a file, whoever made it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from pydantic import ValidationError

from convosphere.chat.transfer.reading import chatgpt, open_webui, own
from convosphere.chat.transfer.reading.archive import Archive, TextFile
from convosphere.chat.transfer.reading.errors import Fault, ImportRefusedError, PassedOverError
from convosphere.chat.transfer.reading.fields import title_of
from convosphere.chat.transfer.reading.items import ItemReader
from convosphere.chat.transfer.schema import PortableConversation
from convosphere.core.i18n import t

MOST_CONVERSATIONS: Final = 100_000


@dataclass(frozen=True)
class Found:
    """A conversation; `inline` are contents that stood in it, by the names that its files give them."""

    conversation: PortableConversation
    inline: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class PassedOver:
    """One that cannot be taken in."""

    fault: Fault
    title: str = ""


class ConversationFile(Archive):
    """A file of conversations. Blocking; for a thread.

    Raises:
        ImportRefusedError: nothing of it can be taken in; also while its conversations are read.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.source = ""
        self.is_damaged = False
        self._count = 0
        self._read_before = 0
        self._text: TextFile | None = None

    @property
    def position(self) -> int:
        """How many bytes of `size` have been read."""
        return self._read_before + (self._text.position if self._text else 0)

    def __enter__(self) -> Self:
        return self

    def conversations(self) -> Iterator[Found | PassedOver]:
        """One after the other; in memory for one of them."""
        for text in self.texts():
            self._text = text
            reader = ItemReader(text)
            for item in reader:
                self._count += 1
                if self._count > MOST_CONVERSATIONS:
                    raise ImportRefusedError(t("There are too many conversations in this file."))
                yield self._read(item, is_own=own.is_own(reader.head))
            self.is_damaged = self.is_damaged or reader.is_damaged
            self._read_before, self._text = self._read_before + text.position, None
        if not self.source and self.is_damaged:
            raise ImportRefusedError(
                t("The file ends in the middle or is damaged, and no conversation in it is whole. Export it again.")
            )
        if not self.source:
            raise ImportRefusedError(
                t("There are no conversations in this file that ConvoSphere, Open WebUI or ChatGPT has exported.")
            )

    def _read(self, item: object, *, is_own: bool) -> Found | PassedOver:
        if isinstance(item, Fault):
            return PassedOver(item)
        if not isinstance(item, dict):
            return PassedOver(Fault.UNKNOWN)
        inline: dict[str, bytes] = {}
        try:
            return Found(self._conversation(item, inline, is_own=is_own), inline)
        except PassedOverError as refused:
            return PassedOver(refused.fault, refused.title)
        except ValidationError:
            return PassedOver(Fault.DAMAGED, title_of(item.get("title")))

    def _conversation(self, item: dict[str, object], inline: dict[str, bytes], *, is_own: bool) -> PortableConversation:
        if is_own:
            self.source = own.SOURCE
            return own.read(item)
        if chatgpt.is_conversation(item):
            self.source = chatgpt.SOURCE
            return chatgpt.read(item, self.find)
        if open_webui.is_conversation(item):
            self.source = open_webui.SOURCE
            return open_webui.read(item, inline)
        raise PassedOverError(Fault.UNKNOWN, title_of(item.get("title")))
