"""The pages of all documents, of one, of work on many, and of the trash.

Each is a module of its own: the compiler puts all parts of a module's pages into one chunk.
"""

from convosphere.knowledge.pages.document import document_page
from convosphere.knowledge.pages.documents import knowledge_page
from convosphere.knowledge.pages.jobs import jobs_page
from convosphere.knowledge.pages.trash import trash_page

__all__ = [
    "document_page",
    "jobs_page",
    "knowledge_page",
    "trash_page",
]
