"""Names and titles: one line of a stranger's text among others."""

import re

# Control characters, signs that turn the direction of text, invisible ones, Unicode tags. The two joiners stay: words
# of some languages and many emoji are written with them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    "\U000e0000-\U000e01ef]"
)


def plain_line(text: str) -> str:
    """A text as one line in which nothing hides, turns or breaks what stands around it."""
    return " ".join(_HIDDEN.sub("", text).split())
