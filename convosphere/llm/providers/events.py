"""Server-sent events as OpenAI's interface uses them, and the answer that their chunks add up to."""

import json
from collections.abc import Sequence
from typing import Any

from convosphere.llm.errors import ProviderError, ProviderUnreadableError
from convosphere.llm.providers.collected import Collected
from convosphere.llm.providers.failures import failure_in_stream
from convosphere.llm.schemas import StreamEvent, TextPiece, ThinkingPiece

LONGEST_LINE = 4_000_000
DONE = b"[DONE]"


class EventLines:
    """Cuts the network's reads into the payloads of `data:` lines; comments and other fields are dropped.

    The interface puts each payload on one line, so lines are not joined as the general standard would.
    """

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The payloads that are whole now.

        Raises:
            OverflowError: one line grew past 4 MB.
        """
        first, *others = data.split(b"\n")
        self._rest += first
        if len(self._rest) > LONGEST_LINE:
            raise OverflowError("A line of the stream has no end.")
        if not others:
            return []
        lines = [bytes(self._rest), *others[:-1]]
        self._rest = bytearray(others[-1])
        return [line[5:].strip() for line in lines if line.startswith(b"data:")]


class Answer:
    """Adds up the chunks of one answer; `label` names the model in errors."""

    def __init__(self, label: str, secrets: tuple[str, ...] = ()) -> None:
        self.collected = Collected(label)
        self._secrets = secrets
        self._text: list[str] = []
        self._thinking: list[str] = []

    def add_all(self, payloads: Sequence[bytes]) -> ProviderError | None:
        """Take in payloads; returns what went wrong, since the text before it in the same read is to be had first."""
        try:
            for payload in payloads:
                self._add(payload)
        except ProviderError as error:
            return error
        return None

    def _add(self, payload: bytes) -> None:
        if payload == DONE:
            self.collected.is_whole = True
            return
        chunk = self._decode(payload)
        if error := chunk.get("error"):
            raise failure_in_stream(error, self.collected.label, self._secrets)
        for choice in _objects(chunk.get("choices")):
            self._add_choice(choice)
        if usage := chunk.get("usage"):
            self.collected.note_usage(usage)

    def take(self) -> list[StreamEvent]:
        """What came since the last time, merged."""
        events: list[StreamEvent] = []
        if self._thinking:
            events.append(ThinkingPiece("".join(self._thinking)))
            self._thinking.clear()
        if self._text:
            events.append(TextPiece("".join(self._text)))
            self._text.clear()
        return events

    def _decode(self, payload: bytes) -> dict[str, Any]:
        try:
            chunk = json.loads(payload.decode())  # Bytes would be searched for their encoding first.
        except (ValueError, RecursionError):
            raise ProviderUnreadableError(self.collected.label) from None
        if not isinstance(chunk, dict):
            raise ProviderUnreadableError(self.collected.label)
        return chunk

    def _add_choice(self, choice: dict[str, Any]) -> None:
        delta = choice.get("delta")
        if isinstance(delta, dict):
            if text := read_content(delta.get("content")):
                self._text.append(text)
                self.collected.length += len(text)
            if thinking := delta.get("reasoning_content") or delta.get("reasoning"):
                self._thinking.append(str(thinking))
            if delta.get("tool_calls"):
                self.collected.calls_tools = True
        if reason := choice.get("finish_reason"):
            self.collected.finish_reason = str(reason)


def read_content(content: object) -> str:
    """The text of a delta or message, which some send as a list of parts."""
    if isinstance(content, list):
        texts = (part.get("text") for part in _objects(content))
        return "".join(text for text in texts if isinstance(text, str))
    return content if isinstance(content, str) else ""


def _objects(values: object) -> list[dict[str, Any]]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
