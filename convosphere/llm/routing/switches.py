"""What is said of an answer that another model gave than the one that was asked."""

from convosphere.core.i18n import Message, t
from convosphere.llm.errors import (
    ContextTooLongError,
    ProviderBusyError,
    ProviderCreditUsedUpError,
    ProviderEmptyAnswerError,
    ProviderError,
    ProviderForbiddenError,
    ProviderKeyRefusedError,
    ProviderModelMissingError,
    ProviderRateLimitedError,
    ProviderTimeoutError,
    RequestTooLargeError,
)

_REASONS: tuple[tuple[tuple[type[ProviderError], ...], Message], ...] = (
    ((ProviderRateLimitedError,), t("Answered by {answered}, since {asked} had too many requests.")),
    ((ProviderTimeoutError,), t("Answered by {answered}, since {asked} gave no answer in time.")),
    ((ProviderBusyError,), t("Answered by {answered}, since too many questions waited for {asked}.")),
    ((ProviderEmptyAnswerError,), t("Answered by {answered}, since {asked} sent an empty answer.")),
    ((ContextTooLongError, RequestTooLargeError), t("Answered by {answered}, since this was too long for {asked}.")),
    (
        (ProviderCreditUsedUpError, ProviderForbiddenError, ProviderKeyRefusedError, ProviderModelMissingError),
        t("Answered by {answered}, since {asked} cannot be used at present."),
    ),
    ((ProviderError,), t("Answered by {answered}, since {asked} did not work.")),
)


def note_of_switch(answered: str, asked: str, error: ProviderError) -> Message:
    """Who answered instead of whom, and why, by the names that people see."""
    reason = next(message for kinds, message in _REASONS if isinstance(error, kinds))
    return Message(reason.text, {"answered": answered, "asked": asked})
