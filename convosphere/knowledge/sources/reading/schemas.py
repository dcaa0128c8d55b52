"""What the reading process says, as the app takes it in: it may be in the hands of a hostile page."""

import struct
from typing import Annotated, Final

from pydantic import BaseModel, Field

REQUEST: Final = struct.Struct(">4sI")
"""What the bytes are, and how many come."""
ANSWER: Final = struct.Struct(">I")
HTML: Final = b"html"
XML: Final = b"xml "
MOST_LINKS: Final = 2_000
LONGEST_LINK: Final = 2_000
MOST_ELEMENTS: Final = 100_000
"""Of XML; what has more is refused as a whole, since half a list would make the other half gone."""
DEEPEST: Final = 100
LONGEST_ANSWER: Final = 1 << 26

Link = Annotated[str, Field(max_length=LONGEST_LINK)]


class PageLinks(BaseModel):
    """Where a page leads. `digest` is of the text that a reader sees; `robots` is what it says to programs."""

    base: Link = ""
    robots: str = Field("", max_length=200)
    digest: str = Field("", max_length=64)
    links: list[Link] = Field(default_factory=list, max_length=MOST_LINKS)


class Element(BaseModel):
    """An element of XML, its names without their namespaces. `text` stands before its children, `tail` after it."""

    tag: str = ""
    text: str = ""
    tail: str = ""
    attributes: dict[str, str] = Field(default_factory=dict)
    children: list["Element"] = Field(default_factory=list)

    def find_all(self, tag: str) -> list["Element"]:
        """Its children of a name."""
        return [child for child in self.children if child.tag == tag]

    def find(self, *tags: str) -> "Element | None":
        """The first child of one of some names, the first name first."""
        return next((child for tag in tags for child in self.find_all(tag)), None)

    def value(self, *tags: str) -> str:
        """The text of the first child of one of some names, "" where there is none."""
        found = self.find(*tags)
        return found.text.strip() if found else ""
