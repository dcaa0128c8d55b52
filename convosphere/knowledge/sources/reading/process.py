"""`python -m convosphere.knowledge.sources.reading.process`: answers on standard output what comes on standard input.

Each request is what the bytes are and how many, then the bytes; each answer is a length and JSON. Whatever is wrong
with the bytes ends the process, or gets an empty answer.
"""

import hashlib
import json
import sys
from typing import Final

from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue]  # A compiled module.

from convosphere.core.confined.confinement import confine_memory, confine_process, confine_time
from convosphere.knowledge.sources.reading.schemas import (
    ANSWER,
    DEEPEST,
    HTML,
    LONGEST_LINK,
    MOST_ELEMENTS,
    MOST_LINKS,
    REQUEST,
)

MEGABYTES: Final = 512
SECONDS: Final = 20
_UNSEEN: Final = {"script", "style", "template", "noscript"}


def main() -> int:
    """Confine, then read, answer, and so on until nothing comes any more."""
    html.fromstring("<p>loads what is loaded late</p>")
    confine_process()
    confine_memory(MEGABYTES)
    while head := sys.stdin.buffer.read(REQUEST.size):
        kind, length = REQUEST.unpack(head)
        data = sys.stdin.buffer.read(length)
        confine_time(SECONDS)
        answer = json.dumps(_links(data) if kind == HTML else _tree(data)).encode()
        sys.stdout.buffer.write(ANSWER.pack(len(answer)) + answer)
        sys.stdout.buffer.flush()
    return 0


def _links(data: bytes) -> dict[str, object]:
    root = _document(data, html.HTMLParser(huge_tree=False, no_network=True))
    if root is None:
        return {"digest": hashlib.sha256(data).hexdigest()}
    base = next((each.get("href") for each in root.iter("base") if each.get("href")), "")
    robots = ",".join(
        each.get("content") or "" for each in root.iter("meta") if (each.get("name") or "").lower() == "robots"
    )
    found = (each.get("href") for each in root.iter("a", "area") if "nofollow" not in (each.get("rel") or "").lower())
    links = list(dict.fromkeys(link.strip() for link in found if link and len(link) <= LONGEST_LINK))[:MOST_LINKS]
    return {
        "base": (base or "")[:LONGEST_LINK],
        "robots": robots[:200].lower(),
        "digest": _digest(root),
        "links": links,
    }


def _digest(root: etree._Element) -> str:
    """Of the words alone: tokens in forms and hours in comments change with every answer."""
    digest = hashlib.sha256()
    for each in root.iter():
        is_seen = isinstance(each.tag, str) and each.tag not in _UNSEEN
        for text in ((each.text if is_seen else None), each.tail):
            if words := (text or "").split():
                digest.update(" ".join(words).encode(errors="replace") + b"\n")
        if is_seen and each.tag in {"a", "img"}:
            digest.update((each.get("href") or each.get("alt") or "").encode(errors="replace"))
    return digest.hexdigest()


def _tree(data: bytes) -> dict[str, object]:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=True, remove_comments=True, remove_pis=True
    )
    root = _document(data, parser)
    return {} if root is None else _element(root, [MOST_ELEMENTS], 0)


def _element(each: etree._Element, left: list[int], depth: int) -> dict[str, object]:
    left[0] -= 1
    if left[0] < 0:
        sys.exit("There are too many elements.")
    children = [_element(child, left, depth + 1) for child in each if isinstance(child.tag, str) and depth < DEEPEST]
    return {
        "tag": etree.QName(each).localname.lower(), "text": each.text or "", "tail": each.tail or "",
        "attributes": {etree.QName(str(name)).localname: str(value) for name, value in each.attrib.items()},
        "children": children,
    }  # fmt: skip


def _document(data: bytes, parser: html.HTMLParser | etree.XMLParser) -> etree._Element | None:
    try:
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        return None


if __name__ == "__main__":
    sys.exit(main())
