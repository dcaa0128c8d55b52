"""Which models there are, and which one answers next."""

import reflex as rx

from convosphere.chat.state.model_items import ModelItem, model_item
from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.llm.gateway import current_gateway
from convosphere.llm.service.favourites import list_favourites, set_favourite
from convosphere.llm.service.picking import list_picks
from convosphere.shell.state import show_toast


class ModelState(rx.State):
    """The picker of the composer; an empty choice means the installation's default.

    `favourites` are ids of `models`, apart from them since one star changes no row.
    """

    models: rx.Field[list[ModelItem]] = rx.field(default_factory=list)
    favourites: rx.Field[list[str]] = rx.field(default_factory=list)
    chosen: rx.Field[str] = rx.field("")
    default: rx.Field[str] = rx.field("")

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def load(self) -> None:
        """Show what there is now, and which of it the person wants to find first."""
        await self._load()
        self.favourites = await list_favourites(current_actor())

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def favour(self, model: str, is_favourite: bool) -> None:
        """Find a model first, or no longer."""
        await set_favourite(current_actor(), model, is_favourite=is_favourite)
        self.favourites = await list_favourites(current_actor())

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def choose(self, model: str) -> None:
        """Let this model answer from now on, if there is one of this name."""
        self.chosen = (await current_gateway().get_model(current_actor(), model)).id

    async def _load(self) -> None:
        """Show what there is now; in place of a model that is gone the default answers, and a notice says so."""
        actor, gateway = current_actor(), current_gateway()
        models = [model_item(pick) for pick in await list_picks(actor)]
        if models != self.models:
            self.models = models
        default = await gateway.default_model(actor)
        self.default = default.id
        if self.chosen and self.chosen not in {model.id for model in models}:
            gone, self.chosen = self.chosen, default.id
            message = t("“{gone}” is not available now. {model} answers instead.", gone=gone, model=default.name)
            await show_toast(self, "info", message)

    async def _prefer(self, model: str) -> None:
        """Let an assistant's own model answer, if the person may use it; they may choose another one after that."""
        if model and model in {offered.id for offered in await current_gateway().models(current_actor())}:
            self.chosen = model

    async def _answering(self) -> str:
        """The model that answers next, one that there is; "" for the conversation's own."""
        await self._load()
        return self.chosen
