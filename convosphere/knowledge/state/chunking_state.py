"""How texts are cut, and the passages that may take the place of those that are searched."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import ExpectedError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Actor, Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.chunking import service, switching
from convosphere.knowledge.chunking.making import chunking_topic
from convosphere.knowledge.chunking.schemas import ChunkSettings, ChunkState, Shadow
from convosphere.knowledge.parsing.schemas import DEFAULT_CHUNKING
from convosphere.knowledge.search.embedding import search_topic
from convosphere.shell.state import show_toast
from convosphere.shell.tabs import keep_shown


@dataclass(frozen=True)
class ChunkingItem:
    """A way of cutting, in tokens."""

    size: int = DEFAULT_CHUNKING.size
    overlap: int = 0
    is_by_section: bool = False
    rules: int = 0
    """Collections with settings of their own."""


@dataclass(frozen=True)
class ShadowItem:
    """Passages in the making: `state` is empty where there are none, `error` a message as a dict.

    `done` of `total` steps are: a document that is cut is one, a passage that has its vector another. `model` makes
    these, and is the workspace's after a switch if it `is_other` than that of now.
    """

    id: str = ""
    state: str = ""
    chunking: ChunkingItem = field(default_factory=ChunkingItem)
    documents: int = 0
    passages: int = 0
    vectors: int = 0
    kept: int = 0
    done: int = 0
    total: int = 1
    model: str = ""
    is_other: bool = False
    is_useless: bool = False
    error: dict[str, Any] = field(default_factory=dict)


class ChunkingState(rx.State):
    """What is being made, kept up to date."""

    documents: rx.Field[int] = rx.field(0)
    shadow: rx.Field[ShadowItem] = rx.field(default_factory=ShadowItem)
    is_loaded: rx.Field[bool] = rx.field(False)
    _follower: str = ""

    @rx.event(background=True)
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def follow(self) -> None:
        """Show it, and again whenever it changes, until another follower takes over."""
        actor = current_actor()
        if actor.workspace_id is not None:
            topics = [chunking_topic(actor.workspace_id), search_topic(actor.workspace_id)]
            await keep_shown(self, Permission.KNOWLEDGE_MANAGE, topics, self._load)

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def switch(self, set_id: str) -> None:
        """Search by the new passages."""
        try:
            await switching.switch(current_actor(), parse_id(set_id))
            await show_toast(self, "success", t("The new passages are searched from now on."))
        except ExpectedError as error:
            await show_toast(self, "error", error.message)
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def drop(self, set_id: str) -> None:
        """Go on as it is."""
        await switching.drop(current_actor(), parse_id(set_id))
        await self._load(current_actor())

    @rx.event
    @way_in(Permission.KNOWLEDGE_MANAGE)
    async def retry(self, set_id: str) -> None:
        """Try once more to complete them."""
        await switching.retry(current_actor(), parse_id(set_id))
        await self._load(current_actor())

    async def _load(self, actor: Actor) -> None:
        found = await service.get_state(actor)
        self.documents = found.documents
        self.shadow = _shadow(found, found.shadow) if found.shadow else ShadowItem()
        self.is_loaded = True


def _chunking(settings: ChunkSettings) -> ChunkingItem:
    general = settings.general
    return ChunkingItem(general.size, general.overlap, general.is_by_section, len(settings.rules))


def _shadow(found: ChunkState, made: Shadow) -> ShadowItem:
    # How many passages there will be is known once all is cut; until then they are as many as there are.
    is_cut = made.documents >= found.documents
    vectors = (made.passages if is_cut else max(made.passages, found.passages)) if made.model else 0
    return ShadowItem(
        str(made.id), made.state, _chunking(made.settings), made.documents, made.passages, made.vectors,
        made.kept, made.documents + made.vectors, max(found.documents + vectors, 1), made.model, made.is_other,
        made.is_useless, dict(made.error.as_dict()) if made.error else {},
    )  # fmt: skip
