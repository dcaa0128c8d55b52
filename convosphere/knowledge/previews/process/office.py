"""`python -m …process.office`: a file of an office program or of the web, a book or an e-mail as a page."""

from PIL import Image

from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.previews.office.docx import docx_page
from convosphere.knowledge.previews.office.epub import epub_page
from convosphere.knowledge.previews.office.html import html_page
from convosphere.knowledge.previews.office.mail import eml_page, msg_page
from convosphere.knowledge.previews.office.opendocument import odp_page, ods_page, odt_page
from convosphere.knowledge.previews.office.pptx import pptx_page
from convosphere.knowledge.previews.office.rtf import rtf_page
from convosphere.knowledge.previews.office.xlsx import xlsx_page
from convosphere.knowledge.previews.process.serving import serve

if __name__ == "__main__":
    Image.init()
    serve({
        DocumentType.DOCX: docx_page, DocumentType.PPTX: pptx_page, DocumentType.XLSX: xlsx_page,
        DocumentType.ODT: odt_page, DocumentType.ODP: odp_page, DocumentType.ODS: ods_page,
        DocumentType.RTF: rtf_page, DocumentType.EPUB: epub_page, DocumentType.EML: eml_page,
        DocumentType.MSG: msg_page, DocumentType.HTML: html_page,
    })  # fmt: skip
