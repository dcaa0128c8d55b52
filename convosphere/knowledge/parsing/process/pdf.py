"""`python -m convosphere.knowledge.parsing.process.pdf`: reads PDF."""

from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.pdf.reading import read_pdf
from convosphere.knowledge.parsing.process.serving import serve

if __name__ == "__main__":
    serve({DocumentType.PDF: read_pdf})
