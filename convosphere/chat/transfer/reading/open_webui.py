"""Open WebUI's export: a list of chats, each with a `history` of messages (docs.openwebui.com, Import & Export)."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from convosphere.chat.transfer.reading.errors import PassedOverError
from convosphere.chat.transfer.reading.fields import (
    fields_of,
    file_of,
    is_source_id,
    list_of,
    not_later_than_now,
    tags_of,
    text_of,
    title_of,
    title_or_words,
)
from convosphere.chat.transfer.reading.trees import EARLIEST, Node, arrange, moment_of
from convosphere.chat.transfer.schema import (
    PortableConversation,
    PortableFile,
    PortablePart,
    PortableText,
    PortableThinking,
)

SOURCE: Final = "open-webui"
# Thoughts stand in the text of an answer, as lines of a quotation.
_THOUGHT = re.compile(
    r'<details type="reasoning"[^>]{0,400}>\s*<summary>[^<]{0,400}</summary>(.*?)</details>\s*', re.DOTALL
)
_MOST_THOUGHTS: Final = 50
_SECONDS = re.compile(r'<details type="reasoning"[^>]{0,400}\bduration="(\d{1,6})"')
_IMAGE = re.compile(r"data:image/(png|jpeg|jpg|webp|gif);base64,")


def is_conversation(item: Mapping[str, object]) -> bool:
    """Whether an object is a chat of Open WebUI, of this form or of the older one without `chat` around it."""
    return isinstance(fields_of(item.get("chat") or item).get("history"), dict)


def read(item: Mapping[str, object], inline: dict[str, bytes]) -> PortableConversation:
    """A chat with all its branches; images that stand in it are added to `inline` by their names.

    Raises:
        PassedOverError: it cannot be taken in.
    """
    chat = fields_of(item.get("chat") or item)
    title = title_of(item.get("title") or chat.get("title"))
    history = fields_of(chat.get("history"))
    begun = moment_of(item.get("created_at")) or moment_of(chat.get("timestamp")) or EARLIEST
    try:
        tree = arrange(
            _nodes(fields_of(history.get("messages")), inline), text_of(history.get("currentId")), begun
        )  # fmt: skip
    except PassedOverError as refused:
        raise PassedOverError(refused.fault, title) from None
    begun = min(begun, tree.messages[0].created_at) if begun != EARLIEST else tree.messages[0].created_at
    ended = moment_of(item.get("updated_at")) or tree.messages[-1].created_at
    models = [text_of(each) for each in list_of(chat.get("models"))]
    return PortableConversation(
        id=f"{SOURCE}:{_source_id(item, chat)}",
        title=title_or_words(title, tree.messages[0].text),
        model=models[0][:255] if models else "",
        tags=tags_of(fields_of(item.get("meta")).get("tags") or chat.get("tags"))[:20],
        is_archived=item.get("archived") is True,
        is_pinned=item.get("pinned") is True,
        created_at=not_later_than_now(begun),
        updated_at=not_later_than_now(max(begun, ended)),
        active=tree.active,
        messages=tree.messages,
    )


def _source_id(item: Mapping[str, object], chat: Mapping[str, object]) -> str:
    """Its id, or what is said in it where it has none."""
    known = next((each for each in (item.get("id"), chat.get("id")) if is_source_id(each) and each != "local"), None)
    if known:
        return str(known)
    said = json.dumps(chat.get("history"), sort_keys=True, default=str).encode(errors="replace")
    return f"sha256-{hashlib.sha256(said).hexdigest()}"


def _nodes(messages: Mapping[str, object], inline: dict[str, bytes]) -> Iterator[Node]:
    for key, told in messages.items():
        message = fields_of(told)
        parent, role = message.get("parentId"), text_of(message.get("role"))
        parent = parent if isinstance(parent, str) else None
        if role not in {"user", "assistant"}:
            yield Node(key, parent)
            continue
        yield Node(
            key,
            parent,
            "user" if role == "user" else "assistant",
            tuple(_parts(message, inline, is_question=role == "user")),
            moment_of(message.get("timestamp")),
            text_of(message.get("model")),
            is_whole=message.get("done") is not False,
        )


def _parts(message: Mapping[str, object], inline: dict[str, bytes], *, is_question: bool) -> Iterator[PortablePart]:
    text = text_of(message.get("content"))
    if is_question:
        for each in list_of(message.get("files")):
            if file := _file(fields_of(each), inline):
                yield file
    else:
        # Each beginning without an end is looked for through all that follows it.
        has_few = text.count("<details") <= _MOST_THOUGHTS
        thoughts = [_unquoted(thought) for thought in _THOUGHT.findall(text)] if has_few else []
        if any(thoughts):
            seconds = sum(int(each) for each in _SECONDS.findall(text))
            yield PortableThinking(
                type="thinking", text="\n\n".join(filter(None, thoughts)), ms=min(seconds * 1000, 2**31 - 1)
            )
            text = _THOUGHT.sub("", text)
    if text.strip():
        yield PortableText(type="text", text=text)


def _unquoted(thought: str) -> str:
    lines = thought.replace("&gt;", ">").strip().splitlines()
    return "\n".join(re.sub(r"^> ?", "", line) for line in lines)


def _file(told: Mapping[str, object], inline: dict[str, bytes]) -> PortableFile | None:
    """A file; only images that stand in the text of the export are there themselves."""
    url = text_of(told.get("url"))
    if match := _IMAGE.match(url):
        try:
            data = base64.b64decode(url[match.end() :], validate=True)
        except (binascii.Error, ValueError):
            return None
        name = f"inline:{len(inline) + 1}"
        inline[name] = data
        return file_of(f"image-{len(inline)}.{match[1]}", len(data), name)
    within = fields_of(told.get("file"))
    name = (
        text_of(told.get("name"))
        or text_of(within.get("filename"))
        or text_of(fields_of(within.get("meta")).get("name"))
    )
    return file_of(name, told.get("size"), None)
