"""ChatGPT's export: a list of conversations, each a `mapping` of nodes by id, as observed until autumn 2026.

There is no description of it by its maker; whatever is not known is passed over.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from convosphere.chat.transfer.reading.errors import Fault, PassedOverError
from convosphere.chat.transfer.reading.fields import (
    count_of,
    fields_of,
    file_of,
    is_source_id,
    list_of,
    not_later_than_now,
    text_of,
    title_of,
    title_or_words,
)
from convosphere.chat.transfer.reading.trees import EARLIEST, Node, arrange, moment_of
from convosphere.chat.transfer.schema import (
    LONGEST_TEXT,
    PortableConversation,
    PortableFile,
    PortablePart,
    PortableText,
    PortableThinking,
)

SOURCE: Final = "chatgpt"
_HIDDEN_TYPES: Final = frozenset({"user_editable_context", "model_editable_context", "reasoning_recap"})
# Marks of sources, in signs for private use: begin, parts, end.
_PRIVATE_MARK = re.compile("\ue200[^\ue200\ue201]{0,400}\ue201|[\ue200-\ue206]")
_POINTER = re.compile(r"^[a-z-]{1,20}://(file[-_][0-9A-Za-z]+)")

Find = Callable[[str], str | None]
"""Where in the archive the file with an id lies."""


def is_conversation(item: Mapping[str, object]) -> bool:
    """Whether an object is a conversation of ChatGPT."""
    return isinstance(item.get("mapping"), dict)


def read(item: Mapping[str, object], find: Find) -> PortableConversation:
    """A conversation with all its branches.

    Raises:
        PassedOverError: it cannot be taken in.
    """
    title = title_of(item.get("title"))
    begun = moment_of(item.get("create_time")) or moment_of(item.get("update_time")) or EARLIEST
    source_id = item.get("conversation_id") or item.get("id")
    if not is_source_id(source_id):
        raise PassedOverError(Fault.DAMAGED, title)
    try:
        tree = arrange(_nodes(fields_of(item["mapping"]), find), text_of(item.get("current_node")), begun)
    except PassedOverError as refused:
        raise PassedOverError(refused.fault, title) from None
    ended = moment_of(item.get("update_time")) or tree.messages[-1].created_at
    return PortableConversation(
        id=f"{SOURCE}:{source_id}",
        title=title_or_words(title, tree.messages[0].text),
        model=text_of(item.get("default_model_slug"))[:255],
        is_archived=item.get("is_archived") is True,
        is_pinned=moment_of(item.get("pinned_time")) is not None or item.get("is_starred") is True,
        created_at=not_later_than_now(begun),
        updated_at=not_later_than_now(max(begun, ended)),
        active=tree.active,
        messages=tree.messages,
    )


def _nodes(mapping: Mapping[str, object], find: Find) -> Iterator[Node]:
    for key, told in mapping.items():
        node = fields_of(told)
        parent = node.get("parent")
        message = fields_of(node.get("message"))
        yield _node(key, parent if isinstance(parent, str) else None, message, find)


def _node(key: str, parent: str | None, message: Mapping[str, object], find: Find) -> Node:
    role = text_of(fields_of(message.get("author")).get("role"))
    metadata = fields_of(message.get("metadata"))
    if role not in {"user", "assistant"} or _is_hidden(message, metadata):
        return Node(key, parent)
    return Node(
        key,
        parent,
        "user" if role == "user" else "assistant",
        tuple(_parts(fields_of(message.get("content")), metadata, find, is_question=role == "user")),
        moment_of(message.get("create_time")),
        text_of(metadata.get("model_slug")),
        is_whole=message.get("status") != "in_progress",
    )


def _is_hidden(message: Mapping[str, object], metadata: Mapping[str, object]) -> bool:
    """What is not shown: context, and what is said to tools."""
    content_type = fields_of(message.get("content")).get("content_type")
    return (
        message.get("weight") == 0
        or metadata.get("is_visually_hidden_from_conversation") is True
        or message.get("recipient") not in {None, "all"}
        or content_type in _HIDDEN_TYPES
    )


def _parts(
    content: Mapping[str, object], metadata: Mapping[str, object], find: Find, *, is_question: bool
) -> Iterator[PortablePart]:
    if is_question:
        yield from _files(content, metadata, find)
    if content.get("content_type") == "thoughts":
        thoughts = [fields_of(each) for each in list_of(content.get("thoughts"))]
        if text := "\n\n".join(filter(None, (_thought(each) for each in thoughts))):
            yield PortableThinking(type="thinking", text=text)
    elif text := _text(content, metadata):
        yield PortableText(type="text", text=text)


def _thought(thought: Mapping[str, object]) -> str:
    return "\n\n".join(filter(None, (text_of(thought.get("summary")), text_of(thought.get("content")))))


def _text(content: Mapping[str, object], metadata: Mapping[str, object]) -> str:
    if content.get("content_type") == "code":
        code = text_of(content.get("text"))
        return f"```{text_of(content.get('language'))[:20]}\n{code}\n```" if code.strip() else ""
    parts = [text_of(part) or text_of(fields_of(part).get("text")) for part in list_of(content.get("parts"))]
    text = "\n\n".join(part for part in parts if part.strip())
    for reference in list_of(metadata.get("content_references"))[:500]:
        known = fields_of(reference)
        if (mark := text_of(known.get("matched_text"))) and mark.strip() and "\ue200" in mark:
            words = _PRIVATE_MARK.sub("", text_of(known.get("alt")))  # Marks in them would multiply with the next.
            if len(text) + text.count(mark) * len(words) <= LONGEST_TEXT:
                text = text.replace(mark, words)
    return _PRIVATE_MARK.sub("", text)


def _files(content: Mapping[str, object], metadata: Mapping[str, object], find: Find) -> Iterator[PortableFile]:
    """Attachments by name, and images that are only pointed at."""
    named: set[str] = set()
    for each in list_of(metadata.get("attachments")):
        told = fields_of(each)
        file_id = text_of(told.get("id"))
        named.add(file_id)
        name = text_of(told.get("name")) or file_id
        if file := file_of(name, told.get("size"), find(file_id), width=told.get("width"), height=told.get("height")):
            yield file
    for part in list_of(content.get("parts")):
        told = fields_of(part)
        pointer = _POINTER.match(text_of(told.get("asset_pointer")))
        if pointer and pointer[1] not in named and told.get("content_type") == "image_asset_pointer":
            file = file_of(
                f"{pointer[1]}.png", count_of(told.get("size_bytes")), find(pointer[1]), width=told.get("width"),
                height=told.get("height"),
            )  # fmt: skip
            if file:
                yield file
