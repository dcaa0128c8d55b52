"""The answer that is being written: small, since it travels many times a second."""

import reflex as rx

from convosphere.chat.markup import BlockSplitter, with_citations
from convosphere.chat.service import answering, conversations, watching
from convosphere.chat.state.items import citation_row
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.tabs import is_tab_open


class AnswerState(rx.State):
    """Finished blocks of Markdown, sent when there is a new one, and the growing last one."""

    message_id: rx.Field[str] = rx.field("")
    blocks: rx.Field[list[str]] = rx.field(default_factory=list)
    tail: rx.Field[str] = rx.field("")
    model: rx.Field[str] = rx.field("")
    citations: rx.Field[list[dict[str, str | int]]] = rx.field(default_factory=list)
    is_stopping: rx.Field[bool] = rx.field(False)
    _turn: int = 0

    @rx.event(background=True)
    @way_in(Permission.CONVERSATION_READ)
    async def watch(self, message_id: str) -> None:
        """Show an answer while it is written, then hand it to the conversation."""
        actor, wanted = current_actor(), parse_id(message_id)
        async with self:
            turn = self._begin(message_id)
        splitter = BlockSplitter()
        async for look in watching.watch(actor, wanted):
            splitter.take(look.text)
            async with self:
                if self._turn != turn or not is_tab_open(self):
                    return
                self._show(look, splitter)
        message = await conversations.get_message(actor, wanted)
        async with self:
            if self._turn == turn:
                (await self.get_state(TranscriptState))._add(message)
                self._begin("")

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def stop(self) -> None:
        """Stop the answer; what is there stays."""
        if self.message_id:
            self.is_stopping = True
            await answering.stop(current_actor(), parse_id(self.message_id))

    def _begin(self, message_id: str) -> int:
        """Look at another answer, or none; whoever watched before sees by the number that their turn is over."""
        self.message_id, self.blocks, self.tail, self.model, self.citations = message_id, [], "", "", []
        self.is_stopping = False
        self._turn += 1
        return self._turn

    def _show(self, look: watching.Look, splitter: BlockSplitter) -> None:
        numbers = {source.number for source in look.sources}
        if len(splitter.blocks) != len(self.blocks):
            self.blocks = [with_citations(block, self.message_id, numbers) for block in splitter.blocks]
        self.tail = with_citations(splitter.tail, self.message_id, numbers)
        self.model = look.model
        if len(look.sources) != len(self.citations):
            self.citations = [
                citation_row(source.number, str(source.document_id), source.document_name, source.page)
                for source in look.sources
            ]
