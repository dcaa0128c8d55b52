"""`python -m convosphere.knowledge.parsing.process.office`: reads sheets, OpenDocument and RTF."""

from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.office.opendocument import read_odp, read_ods, read_odt
from convosphere.knowledge.parsing.office.rtf import read_rtf
from convosphere.knowledge.parsing.office.sheets import read_xlsx
from convosphere.knowledge.parsing.process.serving import serve

OFFICE_READERS = {
    DocumentType.XLSX: read_xlsx,
    DocumentType.ODT: read_odt,
    DocumentType.ODS: read_ods,
    DocumentType.ODP: read_odp,
    DocumentType.RTF: read_rtf,
}

if __name__ == "__main__":
    serve(OFFICE_READERS)
