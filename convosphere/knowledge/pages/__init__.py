"""The page of all documents, and the page of one.

Each is a module of its own: the compiler puts all parts of a module's pages into one chunk.
"""

from convosphere.knowledge.pages.document import document_page
from convosphere.knowledge.pages.documents import knowledge_page

__all__ = [
    "document_page",
    "knowledge_page",
]
