"""`python -m convosphere.knowledge.parsing.process.recognition`: reads pictures, and pages that are pictures."""

from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.process.serving import serve
from convosphere.knowledge.parsing.recognition.pictures import read_picture, read_scan

if __name__ == "__main__":
    serve({DocumentType.IMAGE: read_picture, DocumentType.PDF: read_scan}, starts_programs=True)
