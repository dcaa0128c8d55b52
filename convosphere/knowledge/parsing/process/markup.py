"""`python -m convosphere.knowledge.parsing.process.markup`: reads pages and slides."""

from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.markup.docx import read_docx
from convosphere.knowledge.parsing.markup.epub import read_epub
from convosphere.knowledge.parsing.markup.html import read_html
from convosphere.knowledge.parsing.markup.pptx import read_pptx
from convosphere.knowledge.parsing.process.serving import serve

MARKUP_READERS = {
    DocumentType.DOCX: read_docx,
    DocumentType.HTML: read_html,
    DocumentType.PPTX: read_pptx,
    DocumentType.EPUB: read_epub,
}

if __name__ == "__main__":
    serve(MARKUP_READERS)
