"""Letters of a PDF: which font has them, and what stands for those that none has."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

BODY: Final = "DejaVuSans"
MONO: Final = "DejaVuSansMono"
_FONTS: Final = Path(__file__).with_name("fonts")
_FILES: Final = {
    BODY: "DejaVuSans.ttf",
    f"{BODY}-Bold": "DejaVuSans-Bold.ttf",
    f"{BODY}-Oblique": "DejaVuSans-Oblique.ttf",
    MONO: "DejaVuSansMono.ttf",
}
# Fonts of these names are part of what shows a PDF, and not of the file.
_CHINESE, _JAPANESE, _KOREAN = "STSong-Light", "HeiseiMin-W3", "HYSMyeongJo-Medium"
_EAST_ASIAN: Final = (
    (0x1100, 0x11FF, _KOREAN), (0x2E80, 0x2FDF, _CHINESE), (0x3000, 0x303F, _CHINESE), (0x3040, 0x30FF, _JAPANESE),
    (0x3130, 0x318F, _KOREAN), (0x31F0, 0x31FF, _JAPANESE), (0x3200, 0x33FF, _CHINESE), (0x3400, 0x9FFF, _CHINESE),
    (0xAC00, 0xD7AF, _KOREAN), (0xF900, 0xFAFF, _CHINESE), (0xFF00, 0xFFEF, _CHINESE),
)  # fmt: skip
_SILENT: Final = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})


@cache
def register_fonts() -> None:
    """Let reportlab know the fonts, once in a process."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, _FONTS / file))
    for name in (_CHINESE, _JAPANESE, _KOREAN):
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    pdfmetrics.registerFontFamily(
        BODY, normal=BODY, bold=f"{BODY}-Bold", italic=f"{BODY}-Oblique", boldItalic=f"{BODY}-Bold"
    )


def set_in_fonts(text: str, font: str) -> Iterator[tuple[str, str]]:
    """A text as stretches, each with the name of a font that has all its letters; "" is the one asked for.

    What no font has, such as a smiley, stands there by its name, so that nothing is lost.
    """
    waiting, current = "", ""
    for letter in text:
        name, shown = _font_of(letter, font)
        if name != current:
            if waiting:
                yield waiting, current
            waiting, current = "", name
        waiting += shown
    if waiting:
        yield waiting, current


def _font_of(letter: str, font: str) -> tuple[str, str]:
    if letter == "\n" or ord(letter) in _known(font):
        return "", letter
    if letter == "\t":
        return "", "    "
    if ord(letter) in _known(BODY):
        return BODY, letter
    for first, last, name in _EAST_ASIAN:
        if first <= ord(letter) <= last:
            return name, letter
    if unicodedata.category(letter) in _SILENT:
        return "", ""
    return "", f"[{unicodedata.name(letter, f'U+{ord(letter):04X}').lower()}]"


@cache
def _known(font: str) -> frozenset[int]:
    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)  # pyright: ignore[reportAttributeAccessIssue]  # Of TTFont.
