"""Parts of packed documents as trees: OpenDocument, EPUB. They are checked before, see `archives`."""

from pathlib import PurePosixPath
from typing import Any, TypeAlias
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # A compiled module.

from convosphere.knowledge.parsing.errors import DamagedFileError
from convosphere.knowledge.parsing.sources import Source

_OFFICE_PARTS = ("docProps/core.xml", "docProps/app.xml")

Element: TypeAlias = Any
"""lxml is compiled and brings no types."""


def tree_of(archive: ZipFile, name: str) -> Element:
    """The root of a part.

    Raises:
        DamagedFileError: there is no such part, or it is no XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(archive.read(name), parser)
    except (KeyError, etree.XMLSyntaxError):
        raise DamagedFileError from None


def local_name(element: Element) -> str:
    """The name of an element without its namespace, "" for comments and the like."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """The value of an attribute, whatever its namespace."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def core_properties(root: Element) -> dict[str, str]:
    """What Dublin Core and its kin say of a document: title, author, dates, language, pages."""
    named = {"title": "title", "creator": "author", "initial-creator": "author", "creation-date": "created",
             "created": "created", "date": "modified", "modified": "modified", "subject": "subject",
             "keyword": "keywords", "keywords": "keywords", "description": "subject", "language": "language",
             "Pages": "pages"}  # fmt: skip
    found: dict[str, str] = {}
    for element in root.iter("*"):
        if (name := named.get(local_name(element))) and element.text:
            found.setdefault(name, element.text)
        elif pages := attribute(element, "page-count"):
            found.setdefault("pages", pages)
    return found


def office_properties(source: Source) -> dict[str, str]:
    """What a document of Microsoft Office says of itself; it is checked before, see `archives`.

    Raises:
        DamagedFileError: that part is no XML.
    """
    with source.open() as packed, ZipFile(packed) as archive:
        names = set(archive.namelist())
        parts = [core_properties(tree_of(archive, part)) for part in _OFFICE_PARTS if part in names]
    return {key: value for part in reversed(parts) for key, value in part.items()}


def part_beside(part: str, reference: str) -> str:
    """The name of the part that another refers to."""
    folder = [] if reference.startswith("/") else list(PurePosixPath(part).parent.parts)
    for step in unquote(reference.partition("#")[0]).split("/"):
        if step == ".." and folder:
            folder.pop()
        elif step not in {"", ".", ".."}:
            folder.append(step)
    return "/".join(folder)
