"""Running text into sentences, German and English, without falling for abbreviations, dates and numbers."""

import re

_ABBREVIATIONS = frozenset(
    """abb abs abt allg anl anm art aufl bd bsp bspw bzgl bzw ca co dgl dipl dr einschl etc evtl exkl fa ff fr gem ggf
    ggü hr hrsg inkl insb ing jr kap lt max mind min mio mrd nr prof rd s sog st std str tab tel tsd u usw v vgl vorm
    z zzgl ziff approx corp dept est fig gen gov inc ltd mr mrs ms no nos pp ref rev sen sgt sr vol vs jan feb mär apr
    jun jul aug sep sept okt oct nov dez dec mo di mi do sa so""".split()
)
_END = re.compile(r"[.!?…]+[\"'“”»«)\]]*\s+(?=[\"'„“»«(\[]?[A-ZÄÖÜ0-9])")
_LAST_WORD = re.compile(r"([^\W_]+)\.[\"'“”»«)\]]*\s*$")
_ORDINAL = re.compile(r"\b\d{1,2}\.\s*$")
_NUMBERED = re.compile(r"\b(?:no|nr|§|art|abs|step|schritt|section|abschnitt|page|seite)\.?\s*\d+\.\s*$", re.IGNORECASE)


def split_sentences(text: str, language: str) -> list[str]:
    """The sentences of a paragraph, in order, with their punctuation."""
    sentences: list[str] = []
    start = 0
    for match in _END.finditer(text):
        before = text[start : match.end()]
        if _is_end(before, language):
            sentences.append(before.strip())
            start = match.end()
    rest = text[start:].strip()
    return [*sentences, rest] if rest else sentences


def _is_end(before: str, language: str) -> bool:
    """Whether the sentence that is read so far ends with its last full stop."""
    word = _LAST_WORD.search(before)
    if word is None:
        return True
    if len(word[1]) == 1 and word[1].isalpha():
        return False  # An initial, or part of `z. B.` and `i. e.`
    if word[1].isdigit():
        return not (_NUMBERED.search(before) or (language == "de" and _ORDINAL.search(before)))
    return word[1].lower() not in _ABBREVIATIONS
