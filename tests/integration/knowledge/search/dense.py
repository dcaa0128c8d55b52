"""Embedding models as they are met: one that knows synonyms, and one that knows nothing. No two texts are alike."""

import re
import zlib
from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.llm.schemas import EmbeddingKind, EmbeddingModel

_DIMENSION = 128
_SYNONYMS = (
    {"urlaub", "ferien", "holidays"},
    {"fahrzeug", "auto", "abgestellt", "parkt"},
    {"gehalt", "lohn", "salary"},
    {"kantine", "lunch", "isst"},
)
_COMMON = set("was ist die der das den wie wo wer ein eine einen ich um am im in der do i how who hat".split())


class Directions:
    """A model that gives each text the sum of its parts' directions; `questions` are those it was asked."""

    def __init__(self, name: str) -> None:
        self.embedding_model = EmbeddingModel(name, "test", _DIMENSION, name)
        self.questions: list[str] = []

    async def embedder(self, actor: Actor, *, anew: bool = False, named: str | None = None) -> Self:  # noqa: ARG002
        return self

    async def makes_vectors(self, uow: UnitOfWork) -> bool:  # noqa: ARG002
        return True

    async def find_model(self, source: str) -> EmbeddingModel:  # noqa: ARG002
        return self.embedding_model

    async def embed(
        self,
        texts: Sequence[str],
        kind: EmbeddingKind = "passage",
        source: str = "",  # noqa: ARG002  # It is the only one.
    ) -> list[list[float]]:
        if kind == "query":
            self.questions += texts
        return [self._vector(text).tolist() for text in texts]

    def _vector(self, text: str) -> NDArray[np.float64]:
        total = sum((_direction(part) for part in self.parts(text)), start=np.zeros(_DIMENSION))
        length = float(np.linalg.norm(total))
        return total / length if length else _direction(text)

    def parts(self, text: str) -> list[str]:
        """What a text is made of."""
        raise NotImplementedError


class Synonyms(Directions):
    """Words of one meaning have one direction, which counts threefold; all others have their own."""

    def __init__(self) -> None:
        super().__init__("synonyms")

    def parts(self, text: str) -> list[str]:
        """Meanings."""
        words = [word for word in re.findall(r"\w+", text.lower()) if word not in _COMMON]
        return [part for word in words for part in _meaning(word)]


class Chance(Directions):
    """Every text has a direction of its own."""

    def __init__(self) -> None:
        super().__init__("chance")

    def parts(self, text: str) -> list[str]:
        """The whole."""
        return [text]


def _meaning(word: str) -> list[str]:
    place = next((place for place, words in enumerate(_SYNONYMS) if word in words), None)
    return [word] if place is None else [f"meaning {place}"] * 3


def _direction(text: str) -> NDArray[np.float64]:
    vector = np.random.default_rng(zlib.crc32(text.encode())).normal(size=_DIMENSION)
    return vector / np.linalg.norm(vector)
