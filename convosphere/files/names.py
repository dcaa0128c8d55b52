"""Names that people's computers give to files: data to show, never a place on disk."""

import re
import unicodedata

MOST_BYTES = 255
MOST_PATH_BYTES = 1_000

# Control characters, line and paragraph separators, bidirectional overrides and isolates, zero-width and other
# invisible signs, Unicode tags, lone surrogates: what can hide or reorder a name on a page or in a log.
_UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    "\ud800-\udfff\U000e0000-\U000e01ef]"
)


def clean_name(name: str) -> str:
    """The last part of a name, at most 255 bytes, its ending kept; an empty text if nothing is left."""
    plain = _plain(re.split(r"[/\\]", name)[-1])
    return _shorten(plain, MOST_BYTES) if plain.strip(". ") else ""


def clean_folder_path(path: str) -> str:
    """Names of folders from the top, joined by "/", without empty, "." and ".." parts."""
    parts = (_shorten(_plain(part).strip(), MOST_BYTES) for part in re.split(r"[/\\]", path))
    joined = "/".join(part for part in parts if part.strip(". "))
    return joined.encode()[:MOST_PATH_BYTES].decode(errors="ignore")


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", _UNWANTED.sub("", text)).split())


def _shorten(name: str, most: int) -> str:
    if len(name.encode()) <= most:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > 20:
        return name.encode()[:most].decode(errors="ignore").rstrip()
    room = most - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + dot + ending
