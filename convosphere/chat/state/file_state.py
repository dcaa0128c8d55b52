"""Keeping in Knowledge what came up in a conversation."""

import reflex as rx

from convosphere.chat.service import attachments, saving
from convosphere.core.authorization import current_actor
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast


class FileState(rx.State):
    """Holds nothing: what is kept is shown under Knowledge."""

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def save_document(self, attachment_id: str) -> None:
        """Let a document that came with a question stand among the person's documents."""
        name = await attachments.save_document(current_actor(), parse_id(attachment_id))
        await show_toast(self, "success", t("“{name}” is now among your documents.", name=name))

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def save_answer(self, message_id: str) -> None:
        """Keep an answer as a document of the person."""
        name = await saving.save_answer(current_actor(), parse_id(message_id))
        await show_toast(self, "success", t("“{name}” is now among your documents.", name=name))
