"""The pages of all documents, of one, and of what is done with them, from being cut to the trash.

Each is a module of its own: the compiler puts all parts of a module's pages into one chunk.
"""

from collections.abc import Callable
from functools import wraps
from typing import Final

import reflex as rx
from reflex.event import EventType

from convosphere.core import page_routes as routes
from convosphere.knowledge.pages.chunking import chunking_page
from convosphere.knowledge.pages.document import document_page
from convosphere.knowledge.pages.documents import knowledge_page
from convosphere.knowledge.pages.duplicates import duplicates_page
from convosphere.knowledge.pages.health import health_page
from convosphere.knowledge.pages.jobs import jobs_page
from convosphere.knowledge.pages.sources import sources_page
from convosphere.knowledge.pages.stale import stale_page
from convosphere.knowledge.pages.tags import tags_page
from convosphere.knowledge.pages.trash import trash_page
from convosphere.knowledge.state.bulk_state import BulkState
from convosphere.knowledge.state.chunking_state import ChunkingState
from convosphere.knowledge.state.collection_state import CollectionState
from convosphere.knowledge.state.cut_form_state import CutFormState
from convosphere.knowledge.state.dialogs_state import KnowledgeDialogsState
from convosphere.knowledge.state.document_state import DocumentState
from convosphere.knowledge.state.duplicates_state import DuplicatesState
from convosphere.knowledge.state.folder_state import DocumentFolderState
from convosphere.knowledge.state.health_state import HealthState
from convosphere.knowledge.state.jobs_state import JobsState
from convosphere.knowledge.state.list_state import DocumentListState
from convosphere.knowledge.state.preview_state import PreviewState
from convosphere.knowledge.state.scan_state import ScanState
from convosphere.knowledge.state.search_state import SearchState
from convosphere.knowledge.state.sources_state import SourcesState
from convosphere.knowledge.state.space_state import OwnSpaceState, SpaceState
from convosphere.knowledge.state.stale_state import StaleState
from convosphere.knowledge.state.suggestion_state import SuggestionState
from convosphere.knowledge.state.tag_figures_state import TagFiguresState
from convosphere.knowledge.state.tags_state import TagsState
from convosphere.knowledge.state.trash_state import TrashState
from convosphere.knowledge.state.trials_state import TrialsState

_PAGES: Final[tuple[tuple[Callable[[], rx.Component], str, tuple[EventType[()], ...]], ...]] = (
    (
        knowledge_page,
        routes.KNOWLEDGE,
        (
            DocumentListState.follow,
            DocumentFolderState.follow,
            CollectionState.follow,
            SearchState.follow,
            BulkState.follow,
            OwnSpaceState.follow,
        ),
    ),
    (jobs_page, routes.KNOWLEDGE_JOBS, (JobsState.follow, BulkState.follow)),
    (trash_page, routes.KNOWLEDGE_TRASH, (TrashState.follow, BulkState.follow)),
    (tags_page, routes.KNOWLEDGE_TAGS, (TagFiguresState.show(False), TagsState.follow, BulkState.follow)),
    (health_page, routes.KNOWLEDGE_HEALTH, (HealthState.follow, ScanState.follow, SpaceState.load, BulkState.follow)),
    (chunking_page, routes.KNOWLEDGE_PASSAGES, (ChunkingState.follow, CutFormState.open, TrialsState.follow)),
    (duplicates_page, routes.KNOWLEDGE_DUPLICATES, (DuplicatesState.follow,)),
    (stale_page, routes.KNOWLEDGE_STALE, (StaleState.follow, BulkState.follow)),
    (sources_page, routes.KNOWLEDGE_SOURCES, (SourcesState.follow,)),
    (document_page, routes.DOCUMENT, (DocumentState.follow, PreviewState.open, SuggestionState.forget)),
)


def _visited(page: Callable[[], rx.Component]) -> Callable[[], rx.Component]:
    """The page, which begins without a dialog. A page is loaded anew by each reconnection as well; that closes none."""

    @wraps(page)
    def visited() -> rx.Component:
        return rx.fragment(page(), on_mount=KnowledgeDialogsState.close)

    return visited


PAGES: Final = tuple((_visited(page), route, loads) for page, route, loads in _PAGES)
"""Each with its address and what it loads."""
