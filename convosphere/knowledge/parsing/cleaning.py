"""Characters that must not reach a reader, a model or a page."""

import re
import unicodedata

# Control characters but tab and newline; bidirectional overrides and isolates; zero-width and invisible operators;
# interlinear annotation; Unicode tags and the supplementary variation selectors (both can carry hidden instructions
# to a model); the byte order mark, which is also the zero-width no-break space; lone surrogates; non-characters.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"
    "\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef\ud800-\udfff]"
)
# Of these, what nobody puts into a text by accident.
_SUSPICIOUS = re.compile("[\x00\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f\U000e0100-\U000e01ef]")
_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_REPLACED = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\xad": "", "\xa0": " "}
)
# From the first of several on alone: begun again at each, a long line of blanks would take the square of its length.
_TRAILING = re.compile(r"(?<![^\S\n])[^\S\n]++(?=\n|$)")


def clean(text: str) -> str:
    """NFC, one kind of newline, without control, override, tag and other invisible characters or trailing blanks."""
    text = _UNWANTED.sub("", _NEWLINES.sub("\n", text)).translate(_REPLACED)
    return _TRAILING.sub("", unicodedata.normalize("NFC", text))


def clean_line(text: str) -> str:
    """The same on one line, with single blanks."""
    return " ".join(clean(text).split())


def squeeze(text: str) -> str:
    """The same with single blanks, keeping newlines."""
    return _SPACES.sub(" ", clean(text)).strip()


def has_hidden_characters(text: str) -> bool:
    """Whether there are characters that hide or reorder what a person would see."""
    return _SUSPICIOUS.search(text) is not None
