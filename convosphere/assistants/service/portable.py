"""An assistant as one file: what may stand in it, and how it is read without trusting a word of it.

The format is JSON: `format`, `version` and `assistant`, which is a definition with documents by name and SHA-256, and
other places that it reads by name, in the place of their ids, and the names of tools. It holds no ids of people, no
secrets and no commands.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from convosphere.assistants.errors import FileRefusedError
from convosphere.assistants.schemas import MOST_DOCUMENTS, MOST_PLACES, Definition
from convosphere.core.i18n import t
from convosphere.knowledge.parsing.cleaning import clean, clean_line, has_hidden_characters
from convosphere.knowledge.places.schemas import PLACE_KINDS, PlaceKind

FORMAT: Final = "convosphere-assistant"
VERSION: Final = 1
MOST_BYTES: Final = 300_000
MOST_TOOLS: Final = 100
MOST_STRANGE: Final = 50
_DEEPEST: Final = 12
_LONGEST_PLACE: Final = 1_000
_NAMED: Final[tuple[PlaceKind, ...]] = tuple(kind for kind in PLACE_KINDS if kind != "document")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
# What starts a program, reaches a server or opens a door has no place in an assistant, wherever it stands in a file.
_FORBIDDEN: Final = re.compile(
    r"(?:command|cmd|args|argv|exec|executable|entrypoint|shell|script|env|environment|hooks?|"
    r"base_?url|api_?base|endpoint|headers|api_?key|access_?key|private_?key|secret|client_?secret|password|passwd|"
    r"token|access_?token|refresh_?token|credentials?|authorization)"
)
_SHAPE: Final[Mapping[str, Any]] = {
    "name": None,
    "description": None,
    "icon": None,
    "picture": None,
    "color": None,
    "category": None,
    "instructions": None,
    "personality": {"tone": None, "length": None, "address": None, "examples": [{"question": None, "answer": None}]},
    "model": None,
    "settings": {"temperature": None, "top_p": None, "max_tokens": None, "thinking": None},
    "fallback": None,
    "when_full": None,
    "knowledge": {
        "scope": None,
        "amount": None,
        "citations": None,
        "documents": [{"name": None, "sha256": None}],
        "folders": [None],
        "tags": [None],
        "collections": [None],
    },
    "starters": [None],
    "follow_ups": None,
    "tools": [None],
}
_SEVERAL_LINES: Final = frozenset({"instructions", "question", "answer"})


@dataclass(frozen=True)
class NamedDocument:
    """A document by what it was called and what its file was."""

    name: str
    sha256: str


@dataclass(frozen=True)
class NamedPlace:
    """A folder, a tag or a collection by what it was called."""

    kind: PlaceKind
    name: str


@dataclass(frozen=True)
class Portable:
    """What a file holds: a definition that reads from no place, these by their names, and names of tools.

    `strange` are the places of fields that nothing is known of; `had_hidden` says whether signs were taken out that
    nobody sees.
    """

    definition: Definition
    documents: tuple[NamedDocument, ...] = ()
    tools: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
    had_hidden: bool = False
    picture: str = ""
    """One of its own, as WebP in base64."""
    places: tuple[NamedPlace, ...] = ()


def write(portable: Portable) -> str:
    """The file; the same assistant always makes the same."""
    assistant = portable.definition.model_dump(mode="json")
    knowledge = assistant["knowledge"]
    for kind in PLACE_KINDS:
        knowledge.pop(f"{kind}_ids")
        knowledge[f"{kind}s"] = [each.name for each in portable.places if each.kind == kind]
    knowledge["documents"] = [{"name": one.name, "sha256": one.sha256} for one in portable.documents]
    assistant["tools"] = list(portable.tools)
    if portable.picture:
        assistant["icon"] = ""
        assistant["picture"] = portable.picture
    return json.dumps({"format": FORMAT, "version": VERSION, "assistant": assistant}, ensure_ascii=False, indent=2)


def read(text: str) -> Portable:
    """What a file holds that somebody wants to take in.

    Raises:
        FileRefusedError: it is no such file, is damaged or too large, or holds what no assistant may hold.
    """
    told = _parse(text)
    if name := next(_forbidden(told), None):
        raise FileRefusedError(
            t(
                "This file holds “{name}”. Assistants hold no commands, addresses or secrets: it is not taken in.",
                name=name,
            )
        )
    if told.get("format") != FORMAT or not isinstance(told.get("assistant"), dict):
        raise FileRefusedError(t("This is no file of an assistant. Choose one that ConvoSphere has exported."))
    version = told.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise FileRefusedError(_damaged("version"))
    if version > VERSION:
        raise FileRefusedError(t("This file is of a newer ConvoSphere. Update this one first."))
    strange = [name for name in told if name not in {"format", "version", "assistant"}]
    had_hidden = has_hidden_characters(json.dumps(told["assistant"], ensure_ascii=False))
    assistant = _known(told["assistant"], _SHAPE, "", strange)
    return _portable(assistant, tuple(clean_line(name)[:100] for name in strange[:MOST_STRANGE]), had_hidden=had_hidden)


def _portable(assistant: dict[str, Any], strange: tuple[str, ...], *, had_hidden: bool) -> Portable:
    tools = assistant.pop("tools", [])
    picture = assistant.pop("picture", "")
    knowledge = assistant.get("knowledge", {})
    documents = knowledge.pop("documents", [])
    places = [NamedPlace(kind, name) for kind in _NAMED for name in knowledge.pop(f"{kind}s", [])]
    if len(documents) > MOST_DOCUMENTS or len(tools) > MOST_TOOLS or len(places) > MOST_PLACES:
        raise FileRefusedError(t("This file names more documents or tools than an assistant can have."))
    if not all(isinstance(tool, str) for tool in tools):
        raise FileRefusedError(_damaged("tools"))
    if not all(isinstance(each.name, str) for each in places):  # pyright: ignore[reportUnnecessaryIsInstance]  # A file says what it likes.
        raise FileRefusedError(_damaged("knowledge"))
    if not isinstance(picture, str):
        raise FileRefusedError(_damaged("picture"))
    try:
        definition = Definition.model_validate(assistant)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise FileRefusedError(_damaged(place)) from None
    read_documents = tuple(dict.fromkeys(_document(one) for one in documents))
    named = tuple(dict.fromkeys(tool[:100] for tool in tools))
    shortened = tuple(dict.fromkeys(NamedPlace(each.kind, each.name[:_LONGEST_PLACE]) for each in places))
    return Portable(definition, read_documents, named, strange, had_hidden, picture, shortened)


def _parse(text: str) -> dict[str, Any]:
    if len(text.encode(errors="surrogatepass")) > MOST_BYTES:
        raise FileRefusedError(t("A file of an assistant has at most {count} kilobytes.", count=MOST_BYTES // 1000))
    try:
        told = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise FileRefusedError(t("This file is damaged, or is no JSON. Export the assistant again.")) from None
    if not isinstance(told, dict):
        raise FileRefusedError(t("This is no file of an assistant. Choose one that ConvoSphere has exported."))
    return told


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two readers of a field that stands there twice might see different things."""
    if len(told := dict(pairs)) < len(pairs):
        raise ValueError("a name stands there twice")
    return told


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _forbidden(told: object, depth: int = 0) -> Iterator[str]:
    if depth > _DEEPEST:
        raise FileRefusedError(t("This file is damaged, or is no JSON. Export the assistant again."))
    if isinstance(told, dict):
        for name, value in told.items():
            if _FORBIDDEN.fullmatch(name.casefold().replace("-", "_").strip()):
                yield clean_line(name)[:50]
            yield from _forbidden(value, depth + 1)
    elif isinstance(told, list):
        for value in told:
            yield from _forbidden(value, depth + 1)


def _known(told: object, shape: object, place: str, strange: list[str]) -> Any:  # noqa: ANN401  # As JSON is.
    """Only what the shape names; what it does not is added to `strange`. Texts come without hidden signs."""
    if isinstance(shape, Mapping):
        if not isinstance(told, dict):
            raise FileRefusedError(_damaged(place))
        strange.extend(f"{place}{name}" for name in told if name not in shape)
        return {
            name: _known(value, shape[name], f"{place}{name}.", strange)
            for name, value in told.items()
            if name in shape
        }
    if isinstance(shape, list):
        if not isinstance(told, list):
            raise FileRefusedError(_damaged(place))
        return [_known(value, shape[0], place, strange) for value in told]
    if isinstance(told, str):
        return clean(told).strip() if place.split(".")[-2] in _SEVERAL_LINES else clean_line(told)
    return told


def _document(told: Mapping[str, object]) -> NamedDocument:
    name, digest = told.get("name"), told.get("sha256")
    if not isinstance(name, str) or not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise FileRefusedError(_damaged("knowledge.documents"))
    return NamedDocument(name[:255], digest)


def _damaged(place: str):  # noqa: ANN202
    return t("“{name}” in this file is not as it should be. Export the assistant again.", name=place.strip(".")[:80])
