"""Words and meaning as one ranking. Pure arithmetic.

A convex sum of scores that are scaled per question, as Bruch, Gai and Ingber advise ("An Analysis of Fusion Functions
for Hybrid Retrieval", 2023).
"""

from collections.abc import Mapping
from typing import TypeVar

LARGEST_SHARE = 0.4
"""Of meaning, for vectors that are trusted in full; what is less trusted gets less. From the middle of what the
development questions of bench/meaning.py like equally; on its test questions no model, good, weak or useless, brought
the sum below its better part."""

Key = TypeVar("Key")


def fuse(by_words: Mapping[Key, float], by_meaning: Mapping[Key, float], trust: float) -> dict[Key, float]:
    """Scores between 0 and 1 of all that either ranking has; what one of them lacks is worth nothing there."""
    words, meaning = _scaled(by_words), _scaled(by_meaning)
    share = LARGEST_SHARE * trust
    return {
        key: (1 - share) * words.get(key, 0.0) + share * meaning.get(key, 0.0) for key in {**by_words, **by_meaning}
    }


def _scaled(scores: Mapping[Key, float]) -> dict[Key, float]:
    if not scores:
        return {}
    least, span = min(scores.values()), max(scores.values()) - min(scores.values())
    return {key: (score - least) / span if span else 1.0 for key, score in scores.items()}
