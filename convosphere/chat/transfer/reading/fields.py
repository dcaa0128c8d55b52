"""Plain values out of what others have written: what is of another kind than was expected is not there."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from convosphere.chat.attachments import IMAGE_ENDINGS
from convosphere.chat.markup import plain_line
from convosphere.chat.transfer.schema import LONGEST_TITLE, PortableFile
from convosphere.core.model import utc_now
from convosphere.files.names import clean_name

_NOTHING: Final[Mapping[str, object]] = {}
_SOURCE_ID = re.compile(r"[\w.:-]{1,120}", re.ASCII)
_LONGEST_TAG = 40
_FIRST_WORDS = 80


def text_of(value: object) -> str:
    """A text, or an empty one."""
    return value if isinstance(value, str) else ""


def fields_of(value: object) -> Mapping[str, object]:
    """An object's fields, or none."""
    return value if isinstance(value, dict) else _NOTHING


def list_of(value: object) -> Sequence[object]:
    """A list, or an empty one."""
    return value if isinstance(value, list) else ()


def count_of(value: object) -> int:
    """A number that may stand for a size."""
    is_count = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**31
    return int(value) if is_count else 0  # pyright: ignore[reportArgumentType]


def title_of(value: object) -> str:
    """A title as one line in which nothing hides."""
    return plain_line(text_of(value))[:LONGEST_TITLE].strip()


def title_or_words(title: str, said: str) -> str:
    """A title, or the first words of what was said where it has none."""
    return title or title_of(said[:_FIRST_WORDS])


def tags_of(value: object) -> tuple[str, ...]:
    """Tags by name, whether they are texts or objects with names."""
    names = (text_of(each) or text_of(fields_of(each).get("name")) for each in list_of(value))
    return tuple(dict.fromkeys(name for each in names if (name := plain_line(each)[:_LONGEST_TAG].strip())))


def is_source_id(value: object) -> bool:
    """Whether an id of others can be kept as it is."""
    return isinstance(value, str) and _SOURCE_ID.fullmatch(value) is not None


def file_of(name: str, size: object, content: str | None, **more: object) -> PortableFile | None:
    """A file that came with a message; None where it has no name."""
    name = clean_name(name)
    if not name:
        return None
    is_image = name.lower().endswith(IMAGE_ENDINGS)
    return PortableFile(
        type="file", kind="image" if is_image else "document", name=name, size=count_of(size),
        use="whole" if is_image else "search", width=count_of(more.get("width")), height=count_of(more.get("height")),
        content=content,
    )  # fmt: skip


def not_later_than_now(moment: datetime) -> datetime:
    """A time that was, since what is yet to come would stand above everything for ever."""
    return min(moment, utc_now())
