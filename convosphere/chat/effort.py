"""What answers take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """What an answer took, from the question to its end. Of what is None nobody knows how much it was.

    `first_ms` is when its first word came, `nanos` are billionths of the currency.
    """

    ms: int = 0
    first_ms: int | None = None
    prompt_tokens: int | None = None
    output_tokens: int | None = None
    thinking_tokens: int | None = None
    nanos: int | None = None
    currency: str = "USD"
    is_estimated: bool = False

    def plus(self, later: "Effort") -> "Effort":
        """This and what it took to go on."""
        return Effort(
            self.ms + later.ms,
            self.first_ms if self.first_ms is not None else later.first_ms,
            _sum(self.prompt_tokens, later.prompt_tokens),
            _sum(self.output_tokens, later.output_tokens),
            _sum(self.thinking_tokens, later.thinking_tokens),
            _sum(self.nanos, later.nanos) if self.currency == later.currency else None,
            later.currency,
            self.is_estimated or later.is_estimated,
        )


def _sum(one: int | None, other: int | None) -> int | None:
    return other if one is None else one + (other or 0)
