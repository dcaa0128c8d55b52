"""How many tokens a text will be, guessed on the safe side."""

import math
import re

from convosphere.llm.schemas import CompletionRequest, Usage

ASCII_BYTES_PER_TOKEN = 2.9
OTHER_BYTES_PER_TOKEN = 2.4
TOKENS_PER_SIGN = 0.75
_SIGNS = re.compile(r"[^\w\s]|[\d_]")


def estimate_tokens(text: str) -> int:
    """An upper estimate of a text's tokens, from its UTF-8 bytes.

    GPT-4's vocabulary (cl100k) has 4.8 bytes a token on English prose, 3.2 on German, 2.5 on Japanese, and 0.6 tokens
    a byte on digits and signs. Budgets kept with this do not overflow, and waste about a third on English.
    """
    signs = "".join(_SIGNS.findall(text))
    sign_bytes = len(signs.encode())
    ascii_bytes = len(text.encode("ascii", "ignore")) - len(signs.encode("ascii", "ignore"))
    other_bytes = len(text.encode()) - sign_bytes - ascii_bytes
    return math.ceil(
        ascii_bytes / ASCII_BYTES_PER_TOKEN + other_bytes / OTHER_BYTES_PER_TOKEN + sign_bytes * TOKENS_PER_SIGN
    )


def estimate_usage(request: CompletionRequest, answer_length: int) -> Usage:
    """The use of a call whose provider gave no numbers; `answer_length` in characters."""
    prompt_tokens = sum(estimate_tokens(message.text) for message in request.messages)
    return Usage(prompt_tokens, math.ceil(answer_length / ASCII_BYTES_PER_TOKEN), estimated=True)


def short_count(tokens: int | None) -> str:
    """`128k`, `1M`."""
    if not tokens:
        return ""
    if tokens >= 1_000_000:
        return f"{tokens / 1_000_000:.1f}".removesuffix(".0") + "M"
    return f"{round(tokens / 1000)}k" if tokens >= 1000 else str(tokens)
