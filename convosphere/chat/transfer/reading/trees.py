"""Messages as others keep them, put in order: parents before what follows them, the earlier before the later."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from convosphere.chat.transfer.reading.errors import Fault, PassedOverError
from convosphere.chat.transfer.schema import (
    MOST_MESSAGES,
    PortableMessage,
    PortablePart,
    PortableText,
    PortableThinking,
)

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Node:
    """A message of somebody else's tree; without a role it is nothing that is taken in, but what follows it may be."""

    key: str
    parent: str | None
    role: Literal["user", "assistant"] | None = None
    parts: tuple[PortablePart, ...] = ()
    moment: datetime | None = None
    model: str = ""
    is_whole: bool = True

    @property
    def counts(self) -> bool:
        """Whether it says something."""
        return self.role is not None and bool(self.parts)


@dataclass(frozen=True)
class Tree:
    """Messages in order, and which of them is the last of the branch that was looked at."""

    messages: tuple[PortableMessage, ...]
    active: int | None


def arrange(nodes: Iterable[Node], current: str | None, begun: datetime) -> Tree:
    """Put messages in order. What says nothing is left out; answers that follow one another alone become one.

    Raises:
        PassedOverError: nothing is said, there are too many, or they go round in a circle.
    """
    by_key = {node.key: node for node in nodes}
    kept = {key: node for key, node in by_key.items() if node.counts}
    if not kept:
        raise PassedOverError(Fault.EMPTY)
    above = _parents(by_key, kept)
    children = _children(kept, above)
    merged = _merge(kept, above, children)
    numbers, messages = _number(kept, above, children, begun)
    if not messages:
        raise PassedOverError(Fault.CIRCLE)
    if len(messages) > MOST_MESSAGES:
        raise PassedOverError(Fault.TOO_LARGE)
    return Tree(tuple(messages), _active(current, by_key, merged, numbers) or messages[-1].number)


def moment_of(told: object) -> datetime | None:
    """A time as seconds, or as thousandths of them, since 1970; None where it can be none."""
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 < told < 1e14:
        return None
    seconds = told / 1000 if told > 1e11 else told
    try:
        return datetime.fromtimestamp(round(seconds, 6), UTC)
    except (ValueError, OverflowError):
        return None


def _parents(by_key: Mapping[str, Node], kept: Mapping[str, Node]) -> dict[str, str | None]:
    """For each kept message the nearest one above it that is kept; each other one is passed at most once."""
    nearest: dict[str, str | None] = {}

    def find(key: str | None) -> str | None:
        passed: set[str] = set()
        while key is not None and key in by_key and key not in kept and key not in nearest:
            if key in passed:
                return None
            passed.add(key)
            key = by_key[key].parent
        found = key if key in kept else nearest.get(key or "")
        nearest.update(dict.fromkeys(passed, found))
        return found

    return {key: find(node.parent) for key, node in kept.items()}


def _children(kept: Mapping[str, Node], above: Mapping[str, str | None]) -> dict[str | None, list[str]]:
    children: dict[str | None, list[str]] = {}
    for key in kept:
        children.setdefault(above[key], []).append(key)
    return children


def _merge(
    kept: dict[str, Node], above: dict[str, str | None], children: dict[str | None, list[str]]
) -> dict[str, str]:
    """Join answers that follow one another alone, as steps of one; gives into which each went."""
    into: dict[str, str] = {}
    for key in list(kept):
        if key in into:
            continue
        steps = [kept[key]]
        while following := _only_answer_after(key, kept, children):
            steps.append(kept.pop(following))
            into[following] = key
            children[key] = children.pop(following, [])
        if len(steps) > 1:
            model = next((step.model for step in reversed(steps) if step.model), "")
            kept[key] = replace(steps[0], parts=_joined(steps), model=model, is_whole=steps[-1].is_whole)
            above.update(dict.fromkeys(children[key], key))
    return into


def _only_answer_after(key: str, kept: Mapping[str, Node], children: Mapping[str | None, Sequence[str]]) -> str | None:
    following = children.get(key, ())
    if len(following) != 1 or key not in kept or following[0] == key:
        return None
    is_pair = kept[key].role == "assistant" == kept[following[0]].role
    return following[0] if is_pair else None


def _joined(steps: Sequence[Node]) -> tuple[PortablePart, ...]:
    """Files, thoughts and texts of all, with an empty line between them."""
    parts = [part for step in steps for part in step.parts]
    thoughts = [part for part in parts if isinstance(part, PortableThinking)]
    texts = [part.text for part in parts if isinstance(part, PortableText)]
    together: list[PortablePart] = [part for part in parts if part.type == "file"]
    if thoughts:
        text = "\n\n".join(part.text for part in thoughts)
        together.append(PortableThinking(type="thinking", text=text, ms=sum(part.ms for part in thoughts)))
    if texts:
        together.append(PortableText(type="text", text="\n\n".join(texts)))
    return tuple(together)


def _number(
    kept: Mapping[str, Node], above: Mapping[str, str | None], children: Mapping[str | None, Sequence[str]],
    begun: datetime,
) -> tuple[dict[str, int], list[PortableMessage]]:  # fmt: skip
    """From the first messages down, of those that can follow the earliest next; circles are never reached."""
    places = {key: place for place, key in enumerate(kept)}
    waiting = [(kept[key].moment or begun, places[key], key) for key in children.get(None, ()) if key in kept]
    heapq.heapify(waiting)
    numbers: dict[str, int] = {}
    messages: list[PortableMessage] = []
    while waiting:
        moment, _, key = heapq.heappop(waiting)
        node, parent = kept[key], above[key]
        numbers[key] = len(messages) + 1
        messages.append(_message(node, numbers[key], numbers.get(parent or ""), moment))
        for child in children.get(key, ()):
            heapq.heappush(waiting, (max(kept[child].moment or moment, moment), places[child], child))
    return numbers, messages


def _message(node: Node, number: int, parent: int | None, moment: datetime) -> PortableMessage:
    is_answer = node.role == "assistant"
    return PortableMessage(
        number=number,
        parent=parent,
        role="assistant" if is_answer else "user",
        status="done" if node.is_whole else "interrupted",
        parts=node.parts,
        model=node.model[:255] if is_answer else "",
        created_at=moment,
        finished_at=moment if is_answer else None,
    )


def _active(
    current: str | None, by_key: Mapping[str, Node], merged: Mapping[str, str], numbers: Mapping[str, int]
) -> int | None:
    """The number of the message that was looked at last, or of the nearest one above it that is there."""
    seen: set[str] = set()
    while current is not None and current not in seen:
        seen.add(current)
        while current in merged:
            current = merged[current]
        if current in numbers:
            return numbers[current]
        current = by_key[current].parent if current in by_key else None
    return None
