"""Which passwords are among the first that are tried: the lists that zxcvbn ships, and what they lack of German.

zxcvbn's lists (Wheeler, USENIX Security 2016) hold the 30,000 most common passwords of the leaks at Yahoo, LinkedIn,
RockYou and others, and the most common words and names of English.
"""

from collections.abc import Container
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from convosphere.core.late_modules import LateModule

if TYPE_CHECKING:
    from zxcvbn import frequency_lists, matching
else:  # Their lists weigh 13 MB.
    frequency_lists, matching = LateModule("zxcvbn.frequency_lists"), LateModule("zxcvbn.matching")

# From the lists of the most common German passwords that the Hasso Plattner Institute publishes each year.
_GERMAN: Final = frozenset(
    """
    passwort passwort1 passwort123 hallo123 hallo1234 hallohallo schatz123 schalke04 ficken123 arschloch fussball
    qwertzui qwertzuiop qwertz123 qwertz1234 sommer123 berlin123 deutschland frankfurt hamburg1 bayern123 borussia
    sonnenschein schmetterling schokolade schatzi1 michael1 sandra123 daniel123 geheim123 geheimnis kennwort willkommen
    willkommen1 internet1 computer1 computer123 administrator adminadmin admin123 asdfghjklö yxcvbnm123 iloveyou1
    changeme changeme1 letmein1 welcome1 convosphere
    """.split()
)

_LONGEST_REPEATED = 4
_FEWEST_SIGNS_OF_ITS_OWN = 5


def is_common(password: str) -> bool:
    """Whether it is a common password or word, one with figures behind it, or a pattern of no more worth."""
    folded = password.casefold()
    bare = folded.rstrip("0123456789!?.,-_*#+ ")
    is_word = folded in _GERMAN or any(folded in words for words in common_words().values())
    return is_word or bare in common_words()["passwords"] or bare in _GERMAN or _repeats(folded) or _counts(folded)


def is_made_of(password: str, words: frozenset[str]) -> bool:
    """Whether hardly anything is left of it without somebody's own words."""
    rest = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    left = sum(sign.isalnum() for sign in rest)
    return len(rest) < len(password) and left < _FEWEST_SIGNS_OF_ITS_OWN


@cache
def common_words() -> dict[str, Container[str]]:
    """The library's lists, of which "passwords" is one; the first time they are loaded, which takes a while.

    They are looked up where they are: sets of our own would weigh 7 MB. It adds words of whoever asks to them, under
    other names.
    """
    return {name: matching.RANKED_DICTIONARIES[name] for name in frequency_lists.FREQUENCY_LISTS}


def _repeats(password: str) -> bool:
    lengths = range(1, _LONGEST_REPEATED + 1)
    return any((password[:length] * len(password))[: len(password)] == password for length in lengths)


def _counts(password: str) -> bool:
    """Whether each sign follows the one before it, as in "abcdefgh" and "87654321"."""
    steps = {ord(after) - ord(before) for before, after in pairwise(password)}
    return len(steps) == 1
