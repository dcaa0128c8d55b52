"""What a kind of source is: a description that the pages make a form of, and something that lists and reads."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol

from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import Message, t
from convosphere.core.lines import plain_line
from convosphere.core.permissions import Permission
from convosphere.knowledge.parsing.kinds import ENDINGS, DocumentType
from convosphere.knowledge.sources.schemas import Entry, Known, Options

LONGEST_OPTION = 1_900


class Source(Protocol):
    """A source that is open. `is_complete` says, once all entries came, whether what was not among them is gone."""

    is_complete: bool

    def entries(self, known: Mapping[str, Known]) -> AsyncGenerator[Entry]:
        """List what there is, by and by; `known` is what there was the last time, by keys.

        Raises:
            SourceError: the source as a whole cannot be read.
        """
        ...

    def read(self, entry: Entry) -> AsyncGenerator[bytes]:
        """The content of the entry that was listed last.

        Raises:
            EntryError, SourceError: it cannot be had.
        """
        ...


@dataclass(frozen=True)
class Option:
    """Something that a kind asks for. A switch is "on" or "", a number is between `least` and `most`."""

    key: str
    label: Message
    help_text: Message | None = None
    default: str = ""
    input: Literal["text", "number", "switch"] = "text"
    is_required: bool = False
    least: int = 0
    most: int = 0
    stored_text: Message = field(default_factory=lambda: t("It is stored and not shown. Leave this empty to keep it."))
    """The help of a secret that there is already."""


@dataclass(frozen=True)
class Kind:
    """A kind of source.

    Args:
        place: the option that says where it is.
        check: makes options what is stored, or raises; what each option is by itself was seen to before.
        secret: what it needs that is never shown again, and whether it needs it.
        secret_for: options that the secret was entered for; where they change, it has to be entered anew.
        permission: who may add one.
    """

    key: str
    label: Message
    description: Message
    icon: str
    options: tuple[Option, ...]
    place: str
    open: Callable[[Options, str], AbstractAsyncContextManager[Source]]
    check: Callable[[Options], Options] = dict
    secret: Option | None = None
    secret_for: tuple[str, ...] = ()
    permission: Permission = Permission.SOURCE_WRITE


def checked_options(kind: Kind, options: Options) -> Options:
    """Options of a kind as they are stored.

    Raises:
        ExpectedError: one is missing or wrong.
    """
    return kind.check({option.key: _checked(option, options.get(option.key, "")) for option in kind.options})


def _checked(option: Option, value: str) -> str:
    value = plain_line(value)[:LONGEST_OPTION]
    if option.input == "switch":
        return "on" if value else ""
    if option.input == "number":
        if not value.isascii() or not value.isdecimal() or not option.least <= int(value[:9]) <= option.most:
            raise InvalidInputError(
                t("Please enter a number from {least} to {most}.", least=option.least, most=option.most)
            )
        return str(int(value))
    if option.is_required and not value:
        raise InvalidInputError(t("Please fill in what is needed."))
    return value


def is_readable(name: str) -> bool:
    """Whether a file of this name is taken from places that hold anything: it is no hidden one, and of a type that is
    read. Archives are left out, as what is in them would have no place at the source."""
    dot = name.rfind(".")
    kind = ENDINGS.get(name[dot:].lower()) if dot > 0 else None
    return kind is not None and kind is not DocumentType.ZIP and not name.startswith((".", "~$"))


def place_of(path: str) -> tuple[str, str]:
    """Folder and name of a file by its path from the source's root; the folder is empty at the root."""
    folder, _, name = path.rpartition("/")
    return folder, name
