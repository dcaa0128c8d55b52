"""From what a model heard in pieces to one text with times."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from convosphere.core.late_modules import LateModule
from convosphere.knowledge.parsing.blocks import Block, BlockKind, Draft
from convosphere.knowledge.parsing.cleaning import clean_line
from convosphere.knowledge.parsing.errors import NothingSaidError
from convosphere.knowledge.parsing.schemas import Limits, ParsedDocument, ParseWarning, Spoken
from convosphere.knowledge.parsing.sentences import sentence_ends
from convosphere.llm.speech import Transcript, Utterance

if TYPE_CHECKING:
    from convosphere.knowledge.parsing import documents
else:  # It brings the model that tells languages apart, which few workers need.
    documents = LateModule("convosphere.knowledge.parsing.documents")

_LONGEST_LINE: Final = 400
"""Characters; a line ends with a sentence, or here if nobody takes a breath."""
_ENDS: Final = (".", "!", "?", "…", "。", "！", "？")


@dataclass(frozen=True)
class Written:
    """What was heard in a piece that begins at a second and plays for some."""

    begins: float
    seconds: float
    transcript: Transcript


def write_down(pieces: Sequence[Written], name: str, warnings: Sequence[ParseWarning]) -> ParsedDocument:
    """The text of all pieces, a line to a sentence, cut into passages.

    Raises:
        NothingSaidError: there is not a word.
    """
    said = [each for piece in pieces for each in _utterances(piece)]
    if not said:
        raise NothingSaidError
    lines = list(_lines(said))
    spoken, start = [], 0
    for line in lines:
        for each in line:
            spoken.append(Spoken(start, each.begins, each.ends))
            start += len(each.text) + 1
    blocks = [Block(BlockKind.PARAGRAPH, " ".join(each.text for each in line), tight=True) for line in lines]
    draft = Draft(blocks, warnings=list(warnings), is_named_by_file=True)
    return replace(documents.finish(draft, name, Limits()), spoken=tuple(spoken))


def _utterances(piece: Written) -> Iterator[Utterance]:
    """What is said in a piece, by the recording's own clock."""
    told = piece.transcript
    for each in told.utterances if told.is_timed else spread(told.utterances, piece.seconds):
        if text := clean_line(each.text):
            yield Utterance(piece.begins + each.begins, piece.begins + each.ends, text)


def spread(utterances: Iterable[Utterance], seconds: float) -> Iterator[Utterance]:
    """Sentences without times, as if each letter took as long as any other."""
    for told in utterances:
        start, letter = 0, seconds / max(len(told.text), 1)
        for end in sentence_ends(told.text):
            yield Utterance(start * letter, end * letter, told.text[start:end])
            start = end


def _lines(said: Iterable[Utterance]) -> Iterator[list[Utterance]]:
    line: list[Utterance] = []
    for each in said:
        line.append(each)
        if each.text.endswith(_ENDS) or sum(len(part.text) for part in line) > _LONGEST_LINE:
            yield line
            line = []
    if line:
        yield line
