"""`python -m convosphere.knowledge.parsing.process.text`: reads what is text, by parsers that load at once."""

from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.plain.code import read_code
from convosphere.knowledge.parsing.plain.json import read_json
from convosphere.knowledge.parsing.plain.markdown import read_markdown
from convosphere.knowledge.parsing.plain.tables import read_csv
from convosphere.knowledge.parsing.plain.text import read_text
from convosphere.knowledge.parsing.plain.xml import read_xml
from convosphere.knowledge.parsing.process.serving import serve

# Many small files by parsers in Python alone: a fork for each would cost thrice what reading costs.
_FILES_PER_READER = 25
TEXT_READERS = {
    DocumentType.TEXT: read_text,
    DocumentType.MARKDOWN: read_markdown,
    DocumentType.CSV: read_csv,
    DocumentType.JSON: read_json,
    DocumentType.XML: read_xml,
    DocumentType.CODE: read_code,
}

if __name__ == "__main__":
    serve(TEXT_READERS, _FILES_PER_READER)
