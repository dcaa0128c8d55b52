"""`python -m convosphere.knowledge.parsing.process.markup`: reads DOCX and HTML."""

from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.markup.docx import read_docx
from convosphere.knowledge.parsing.markup.html import read_html
from convosphere.knowledge.parsing.process.serving import serve

if __name__ == "__main__":
    serve({DocumentType.DOCX: read_docx, DocumentType.HTML: read_html})
