"""`python -m …process.office`: a file of an office program, or of the web, as a page."""

from PIL import Image

from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.previews.office.docx import docx_page
from convosphere.knowledge.previews.office.html import html_page
from convosphere.knowledge.previews.office.pptx import pptx_page
from convosphere.knowledge.previews.office.xlsx import xlsx_page
from convosphere.knowledge.previews.process.serving import serve

if __name__ == "__main__":
    Image.init()
    serve({
        DocumentType.DOCX: docx_page, DocumentType.PPTX: pptx_page, DocumentType.XLSX: xlsx_page,
        DocumentType.HTML: html_page,
    })  # fmt: skip
