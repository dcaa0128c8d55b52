"""What is said in a piece of sound, by a model that a workspace chose for that."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, cast, runtime_checkable

from convosphere.llm.chosen import ChosenModel
from convosphere.llm.errors import ProviderRejectedError, ProviderUnreadableError
from convosphere.llm.schemas import CURRENCY

SOUND_NAME = "piece.wav"
SOUND_TYPE = "audio/wav"
_SECONDS_OF_MINUTE = 60
LONGEST_TEXT = 200_000
"""Characters of what was said in one piece: more than anybody says in an hour."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A WAV file, and how long it plays, in seconds."""

    data: bytes = field(repr=False)
    seconds: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words, and from when to when they are said, in seconds from the beginning."""

    begins: float
    ends: float
    text: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said, in order. If the model told no times, `is_timed` is false and all is one utterance."""

    utterances: tuple[Utterance, ...]
    is_timed: bool


@runtime_checkable
class TranscribingProvider(Protocol):
    """Somebody who writes down what is said."""

    async def transcribe(self, name: str, label: str, sound: Sound, seconds: float) -> Transcript:
        """What is said, waited for so many seconds at most; `label` is the model's name in errors.

        Raises:
            ProviderError: see `errors`.
        """
        ...


class Transcriber(ChosenModel):
    """The model that a workspace chose to write down what is said."""

    async def transcribe(self, sound: Sound) -> Transcript:
        """What is said. A slow model may take as long as the sound plays, beside the patience for a first word.

        Raises:
            ProviderError: the provider did not answer properly, after all retries.
        """
        provider = self._route.provider
        if not isinstance(provider, TranscribingProvider):
            raise ProviderUnreadableError(self.model.name)
        patience = self._router.patience.first_token + sound.seconds
        ask = partial(provider.transcribe, self._route.name, self.model.name, sound, patience)
        return await self._retry(ask)

    def cost_nanos(self, seconds: float) -> int | None:
        """What it costs to write down so many seconds, in billionths of the `currency`; None if nobody knows."""
        price = self.model.unit_price
        return None if price is None else math.ceil(price.nanos * seconds / _SECONDS_OF_MINUTE)

    @property
    def currency(self) -> str:
        """In which it is paid."""
        return self.model.unit_price.currency if self.model.unit_price else CURRENCY


def knows_no_times(error: ProviderRejectedError) -> bool:
    """Whether a model refused for being asked for times, which newer ones of OpenAI do not tell."""
    return "response_format" in error.reason or "verbose_json" in error.reason


def read_transcript(answered: Mapping[str, Any], sound: Sound, label: str) -> Transcript:
    """The transcript of an answer in OpenAI's form: `segments` with times, or a `text` alone.

    Times are kept in order and within the sound, whatever the model says of them.

    Raises:
        ProviderUnreadableError: it is no such thing; `label` names whom it came from.
    """
    text, segments = answered.get("text"), answered.get("segments")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise ProviderUnreadableError(label)
    if segments:
        return Transcript(tuple(_timed(segments, sound.seconds, label)), is_timed=True)
    utterances = (Utterance(0.0, sound.seconds, text.strip()),) if text.strip() else ()
    return Transcript(utterances, is_timed=False)


def _timed(segments: object, longest: float, label: str) -> Iterable[Utterance]:
    last, length = 0.0, 0
    try:
        for segment in cast("Iterable[Any]", segments):
            told = segment if isinstance(segment, dict) else segment.model_dump()
            text, begins, ends = str(told["text"]).strip(), float(told["start"]), float(told["end"])
            length += len(text)
            if not (math.isfinite(begins) and math.isfinite(ends)) or length > LONGEST_TEXT:
                raise ProviderUnreadableError(label)
            begins = min(max(begins, last), longest)
            last = begins
            if text:
                yield Utterance(begins, min(max(ends, begins), longest), text)
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        raise ProviderUnreadableError(label) from None
