"""What an empty chat knows of the documents behind it."""

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.service.documents import count_documents
from convosphere.knowledge.service.uploads import has_handbook, load_handbook
from convosphere.shell.state import show_toast


class WelcomeState(rx.State):
    """How many documents can be asked; -1 until that is known. The product's own handbook may be among them."""

    documents: rx.Field[int] = rx.field(-1)
    has_handbook: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def load(self) -> None:
        """Count them."""
        actor = current_actor()
        self.documents = (await count_documents(actor)).total
        self.has_handbook = self.documents > 0 and await has_handbook(actor)

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def load_handbook(self) -> None:
        """Take in the product's own handbook, so that there is something to ask."""
        await load_handbook(current_actor())
        await show_toast(self, "success", t("The handbook is being read. You can ask about it in a few seconds."))
        await self.load()
