"""Where sentences end, in German and English, by rules."""

import re

# What ends with a full stop without ending a sentence.
_ABBREVIATIONS = frozenset(
    "abs abschn allg anm art aufl bd bsp bspw bzgl bzw ca dgl dipl dr ebd einschl etc evtl ff fig ggf gem hr hrsg inc "
    "inkl ing jr jun kap lt ltd max min mio mrd mr mrs ms nr op prof rd s sen sog st std str tel u usw v vgl vol vs "
    "z zzgl ziff approx cf co corp dept ed eds eg al ie jan feb apr aug sept oct okt nov dec dez pp p".split()
)
_END = re.compile(r"[.!?…:;]+[\"'“”»«’)\]]*\s+(?=\S)")
_LAST_WORD = re.compile(r"(\w+)\.[\"'“”»«’)\]]*\s+$")


def sentence_ends(text: str) -> list[int]:
    """Offsets after each sentence and the white space that follows it, the end of the text last."""
    ends = [match.end() for match in _END.finditer(text) if _is_end(text, match)]
    return [*ends, len(text)] if text else []


def _is_end(text: str, match: re.Match[str]) -> bool:
    mark, following = match.group()[0], text[match.end()]
    if mark in ":;":
        return False
    if following.islower():
        return False
    if mark != ".":
        return True
    word = _LAST_WORD.search(text, max(0, match.start() - 30), match.end())
    if word is None:
        return True
    last = word.group(1)
    # "3. März", "Art. 5", "z. B. Hotels", "J. Schmidt" go on; "… im Jahr 2026. Danach" ends.
    return not (last.lower() in _ABBREVIATIONS or len(last) == 1 or (last.isdigit() and len(last) <= 2))
