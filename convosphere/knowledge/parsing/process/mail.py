"""`python -m convosphere.knowledge.parsing.process.mail`: reads e-mails and what is attached."""

from collections.abc import Callable

from convosphere.knowledge.parsing.blocks import Draft
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.mail.eml import read_eml
from convosphere.knowledge.parsing.mail.msg import read_msg
from convosphere.knowledge.parsing.mail.parts import Parts, Reader
from convosphere.knowledge.parsing.pdf.reading import read_pdf
from convosphere.knowledge.parsing.process.markup import MARKUP_READERS
from convosphere.knowledge.parsing.process.office import OFFICE_READERS
from convosphere.knowledge.parsing.process.serving import serve
from convosphere.knowledge.parsing.process.text import TEXT_READERS
from convosphere.knowledge.parsing.schemas import Limits, ReportProgress
from convosphere.knowledge.parsing.sources import Source

_WITHIN = {**TEXT_READERS, **MARKUP_READERS, **OFFICE_READERS, DocumentType.PDF: read_pdf}


def _with_parts(read: Callable[[Source, Parts], Draft]) -> Reader:
    def read_with_parts(source: Source, limits: Limits, report: ReportProgress) -> Draft:
        del report
        return read(source, Parts(_WITHIN, limits))

    return read_with_parts


MAIL_READERS = {DocumentType.EML: _with_parts(read_eml), DocumentType.MSG: _with_parts(read_msg)}

if __name__ == "__main__":
    serve(MAIL_READERS)
