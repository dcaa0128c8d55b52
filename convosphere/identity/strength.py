"""How strong a password is, and which are refused; not in `passwords`, as only pages need the lists of words."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from convosphere.core.i18n import Message, t
from convosphere.core.late_modules import LateModule
from convosphere.identity.common_passwords import common_words, is_common, is_made_of
from convosphere.identity.errors import PasswordRefusedError
from convosphere.identity.passwords import MAXIMUM_LENGTH

if TYPE_CHECKING:
    import zxcvbn
else:
    zxcvbn = LateModule("zxcvbn")

MINIMUM_LENGTH = 8
_SCORED_LENGTH = 24
"""What comes behind only makes a password stronger. Signs that stand for letters can make scoring take 0.1 s for so
many signs, and some 0.5 s for twice as many."""
_SHORTEST_OWN_WORD = 3

# One at a time: the library keeps the words of whoever asks in a variable of its own.
_scorer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="zxcvbn")


@dataclass(frozen=True)
class Strength:
    """How long a password would withstand guessing.

    Args:
        score: 0 to 4, as zxcvbn counts: below 10^3, 10^6, 10^8, 10^10 guesses, and beyond.
        refusal: why it is not taken, if it is not.
    """

    score: int
    refusal: Message | None


def own_words(*texts: str) -> frozenset[str]:
    """The words in a person's name, address and team that their password may not be made of."""
    words = {word for text in texts for word in re.split(r"[\W_]+", text.casefold())}
    whole = {text.casefold() for text in texts} | {text.casefold().replace(" ", "") for text in texts}
    return frozenset(word for word in words | whole if len(word) >= _SHORTEST_OWN_WORD)


def check_password(password: str, *texts: str) -> None:
    """Refuse passwords that are easily guessed (OWASP ASVS 5.0, 6.2: length, no rules of composition, common ones).

    Args:
        password: as it was typed.
        texts: the person's name, address and team.

    Raises:
        PasswordRefusedError: says which rule is broken.
    """
    if len(password) < MINIMUM_LENGTH:
        raise PasswordRefusedError(t("The password needs at least {count} characters.", count=MINIMUM_LENGTH))
    if len(password) > MAXIMUM_LENGTH:
        raise PasswordRefusedError(t("The password may have at most {count} characters.", count=MAXIMUM_LENGTH))
    if is_common(password):
        raise PasswordRefusedError(t("This password is among the most common ones. Please choose another."))
    if is_made_of(password, own_words(*texts)):
        raise PasswordRefusedError(t("This password is made of your name, address or team. Please choose another."))


async def measure_password(password: str, *texts: str) -> Strength:
    """How strong a password is; one that is refused is never strong."""
    in_turn = partial(asyncio.get_running_loop().run_in_executor, _scorer)
    await in_turn(common_words)  # Beside everybody's events, should they have to be loaded.
    try:
        check_password(password, *texts)
    except PasswordRefusedError as refusal:
        return Strength(0, refusal.message)
    return Strength(await in_turn(_score, password, sorted(own_words(*texts))), None)


def _score(password: str, words: list[str]) -> int:
    return int(zxcvbn.zxcvbn(password[:_SCORED_LENGTH], words)["score"])
