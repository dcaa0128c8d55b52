"""An answer that is being written, as the browser gets it."""

from typing import Any

from convosphere.answers.schemas import Source
from convosphere.chat.markup import BlockSplitter, with_citations
from convosphere.chat.schemas import NOBODY
from convosphere.chat.service.watching import Look
from convosphere.chat.state.items import citation_row, whole_seconds
from convosphere.core.i18n import Message

LONGEST_TIP = 1_000
"""Characters that are sent again and again before the whole tail is."""
SHORTEST_CHAPTER = 16_000
"""Characters of finished blocks from which they are sent no more with each new one."""
LATE_MS = 1_000
"""Whoever begins to look later than that is told how long the answer has been on its way."""


class GrowingAnswer:
    """What of `GrowingState` each look at an answer changes: little travels, nothing is read back from the State."""

    def __init__(self, message_id: str) -> None:
        self._message_id = message_id
        self._splitter = BlockSplitter()
        self._sources: tuple[Source, ...] = ()
        # Finished blocks as they are shown; the first so many of them are chapters, which travel seldom.
        self._finished: list[str] = []
        self._chapters = self._chapters_size = self._blocks_size = 0
        self._tail = self._tip = ""
        self._speaker = NOBODY
        self._waiting: Message | None = None
        self._thinking: dict[str, Any] = {"text": "", "seconds": -1}
        self._thought_tip = ""
        self._is_new = True

    def take(self, look: Look) -> dict[str, object]:
        """The vars that are other now, with their values."""
        changes: dict[str, object] = {}
        if look.waiting != self._waiting:
            self._waiting = look.waiting
            changes["waiting"] = look.waiting.as_dict() if look.waiting else {}
        if look.speaker != self._speaker:
            changes["speaker"] = self._speaker = look.speaker
        if look.sources != self._sources:
            self._sources = look.sources
            changes["citations"] = [
                citation_row(source.number, str(source.document_id), source.document_name, source.page, source.seconds)
                for source in look.sources
            ]
            changes |= self._link_again()
        if self._splitter.take(look.text):
            changes |= self._finish()
        return changes | self._think(look) | self._grow(self._linked(self._splitter.tail))

    def _think(self, look: Look) -> dict[str, object]:
        """Thoughts as they come, by a tip as well; how long they took once there is a text."""
        thought = str(self._thinking["text"])
        is_longer = len(look.thinking) - len(thought) > LONGEST_TIP
        text = look.thinking if is_longer or not thought or not look.thinking.startswith(thought) else thought
        seconds = whole_seconds(look.thinking_ms or 0) if look.thinking and look.text else -1
        changes: dict[str, object] = {}
        now = {**self._thinking, "text": text, "seconds": seconds}
        if self._is_new and look.elapsed_ms >= LATE_MS:
            now["elapsed"] = round(look.elapsed_ms / 1000)
        self._is_new = False
        if now != self._thinking:
            changes["thinking"] = self._thinking = now
        if (tip := look.thinking[len(text) :]) != self._thought_tip:
            changes["thought_tip"] = self._thought_tip = tip
        return changes

    def _finish(self) -> dict[str, object]:
        """Blocks that are new; each travels with those since the last chapter, so that long answers cost little."""
        fresh = [self._linked(block) for block in self._splitter.blocks[len(self._finished) :]]
        self._finished += fresh
        self._blocks_size += sum(len(block) for block in fresh)
        if self._blocks_size < max(SHORTEST_CHAPTER, self._chapters_size // 16):
            return {"blocks": self._finished[self._chapters :]}
        self._chapters, self._chapters_size = len(self._finished), self._chapters_size + self._blocks_size
        self._blocks_size = 0
        return {"chapters": list(self._finished), "blocks": []}

    def _link_again(self) -> dict[str, object]:
        if not self._finished:
            return {}
        self._finished = [self._linked(block) for block in self._splitter.blocks]
        return {"chapters": self._finished[: self._chapters], "blocks": self._finished[self._chapters :]}

    def _grow(self, text: str) -> dict[str, object]:
        """Only the tip, as long as the tail before it is the same: a var travels whole, and code gets long."""
        length = len(self._tail)
        if length and text.startswith(self._tail) and len(text) - length <= LONGEST_TIP:
            tail, tip = self._tail, text[length:]
        else:
            tail, tip = text, ""
        changes: dict[str, object] = {}
        if tail != self._tail:
            changes["tail"] = self._tail = tail
        if tip != self._tip:
            changes["tip"] = self._tip = tip
        return changes

    def _linked(self, text: str) -> str:
        return with_citations(text, self._message_id, {source.number for source in self._sources})
