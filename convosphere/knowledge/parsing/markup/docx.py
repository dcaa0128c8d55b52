"""Word documents. Macros are never run: only the text parts are read."""

from zipfile import ZipFile

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # A compiled module.
from unstructured.partition.docx import partition_docx

from convosphere.knowledge.parsing.archives import check_archive
from convosphere.knowledge.parsing.blocks import Draft
from convosphere.knowledge.parsing.markup.elements import blocks_of
from convosphere.knowledge.parsing.schemas import Limits, ReportProgress
from convosphere.knowledge.parsing.sources import Source

_PROPERTIES = "docProps/core.xml"
_FIELDS = {
    "title": "title",
    "creator": "author",
    "created": "created",
    "modified": "modified",
    "subject": "subject",
    "keywords": "keywords",
}


def read_docx(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read a Word document; it has no pages to report."""
    del report
    check_archive(source, limits)
    metadata = office_properties(source)
    elements = partition_docx(file=source.open(), languages=[""], infer_table_structure=True)
    return Draft(list(blocks_of(elements)), metadata.pop("title", ""), metadata=metadata)


def office_properties(source: Source) -> dict[str, str]:
    """What a document of Microsoft Office says of itself."""
    with source.open() as packed, ZipFile(packed) as archive:
        if _PROPERTIES not in archive.namelist():
            return {}
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(archive.read(_PROPERTIES), parser)
    found = {_FIELDS.get(etree.QName(child).localname, ""): child.text or "" for child in root.iterchildren("*")}
    found.pop("", None)
    return found
