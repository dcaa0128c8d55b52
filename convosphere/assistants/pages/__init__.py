"""The page of all assistants, and those of one.

Each is a module of its own: the compiler puts all parts of a module's pages into one chunk.
"""

from convosphere.assistants.pages.assistant import assistant_page
from convosphere.assistants.pages.assistants import assistants_page
from convosphere.assistants.pages.quality import assistant_quality_page

__all__ = [
    "assistant_page",
    "assistant_quality_page",
    "assistants_page",
]
