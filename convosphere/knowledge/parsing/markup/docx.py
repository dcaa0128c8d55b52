"""Word documents. Macros are never run: only the text parts are read."""

from unstructured.partition.docx import partition_docx

from convosphere.knowledge.parsing.archives import check_archive
from convosphere.knowledge.parsing.blocks import Draft
from convosphere.knowledge.parsing.markup.elements import blocks_of
from convosphere.knowledge.parsing.packages import office_properties
from convosphere.knowledge.parsing.properties import pages_of
from convosphere.knowledge.parsing.schemas import Limits, ReportProgress
from convosphere.knowledge.parsing.sources import Source


def read_docx(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read a Word document. It has no pages to cite; how many there are is what Word counted."""
    del report
    check_archive(source, limits)
    metadata = office_properties(source)
    elements = partition_docx(file=source.open(), languages=[""], infer_table_structure=True)
    pages = pages_of(metadata.pop("pages", ""))
    return Draft(list(blocks_of(elements)), metadata.pop("title", ""), pages, metadata=metadata)
