"""What a page of Knowledge begins with: no dialog of a visit before."""

from typing import Final

import reflex as rx

from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.state.sharing_state import SharingState
from convosphere.knowledge.state.act_state import ActState
from convosphere.knowledge.state.bulk_state import BulkState
from convosphere.knowledge.state.collection_state import CollectionState
from convosphere.knowledge.state.folder_state import DocumentFolderState
from convosphere.knowledge.state.links_state import DocumentLinksState
from convosphere.knowledge.state.rules_state import RulesState
from convosphere.knowledge.state.source_form_state import SourceFormState
from convosphere.knowledge.state.sources_state import SourcesState
from convosphere.knowledge.state.space_state import SpaceState
from convosphere.knowledge.state.suggestion_state import SuggestionState
from convosphere.knowledge.state.tag_figures_state import TagFiguresState
from convosphere.knowledge.state.tags_state import TagsState
from convosphere.knowledge.state.trials_state import TrialsState
from convosphere.knowledge.state.version_state import VersionState

_WITH_DIALOG: Final = (
    BulkState, CollectionState, DocumentFolderState, DocumentLinksState, RulesState, SharingState, SpaceState,
    SuggestionState, TagFiguresState, TagsState, TrialsState, VersionState,
)  # fmt: skip


class KnowledgeDialogsState(rx.State):
    """A State outlives the page whose dialog it keeps: whoever comes back by another way would find it open."""

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def close(self) -> None:
        """Close them all."""
        for kind in _WITH_DIALOG:
            (await self.get_state(kind)).close()  # pyright: ignore[reportCallIssue]  # Typed as an event.
        (await self.get_state(ActState)).close_dialog()  # pyright: ignore[reportCallIssue]  # Typed as an event.
        (await self.get_state(SourcesState)).leave()  # pyright: ignore[reportCallIssue]  # Typed as an event.
        await (await self.get_state(SourceFormState)).close()  # pyright: ignore[reportCallIssue]  # Typed as an event.
