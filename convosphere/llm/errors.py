"""What can go wrong with a model, as a tree.

ExpectedError
├── ModelNotFoundError            (NotFoundError) no model has this name
├── EmbeddingsUnavailableError    (UnavailableError) no embedding model is connected
└── ProviderError                 a provider did not do what it was asked
    ├── ProviderRateLimitedError  too many requests; may know how long to wait
    ├── ProviderUnavailableError  a fault of the provider, 5xx
    │   └── ProviderUnreachableError  nobody answers at the address
    ├── ProviderTimeoutError      no first word, or silence between two words
    ├── ProviderStreamBrokenError half an answer, or one that cannot be read
    ├── ProviderEmptyAnswerError  a whole answer without a word
    ├── ProviderCreditUsedUpError the account there has no credit left
    ├── ProviderKeyRefusedError   the key is wrong, or may not use this
    └── ProviderRejectedError     the request itself was refused, with the provider's reason
        └── ContextTooLongError   the conversation is longer than the model can read
"""

from typing import ClassVar

from convosphere.core.errors import ExpectedError, NotFoundError, UnavailableError
from convosphere.core.i18n import Message, t


class ModelNotFoundError(NotFoundError):
    """No model has this name, or none has it any longer."""

    code = "model_not_found"

    def __init__(self, model: str) -> None:
        self.model = model
        super().__init__(t("The model {model} is not available any longer. Please choose another one.", model=model))


class EmbeddingsUnavailableError(UnavailableError):
    """Vectors were asked for although no embedding model is connected."""

    code = "embeddings_unavailable"

    @classmethod
    def default_message(cls) -> Message:
        return t("No embedding model is connected.")


class ProviderError(ExpectedError):
    """A provider did not do what it was asked; `model` is the name that people see.

    Class attributes: `retryable` – asking again later can help, so a Retry is offered; `again` – the router may ask
    the same model once more by itself; `elsewhere` – another model may be asked instead; `whole_provider` – the
    other models of this provider would fail alike.
    """

    code = "provider_error"
    status = 502
    retryable: ClassVar[bool] = True
    again: ClassVar[bool] = False
    elsewhere: ClassVar[bool] = True
    whole_provider: ClassVar[bool] = False

    def __init__(self, model: str, message: Message) -> None:
        self.model = model
        super().__init__(message)


class ProviderRateLimitedError(ProviderError):
    """The provider takes no more requests for now; `retry_after` is in seconds, None if it did not say."""

    code = "provider_rate_limited"
    status = 429
    again = True

    def __init__(self, model: str, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        if retry_after is None:
            message = t("{model} has too many requests at the moment. Please try again in a minute.", model=model)
        else:
            message = t(
                "{model} has too many requests at the moment. Please try again in {seconds} seconds.",
                model=model,
                seconds=max(1, round(retry_after)),
            )
        super().__init__(model, message)


class ProviderUnavailableError(ProviderError):
    """The provider answered with a fault of its own; `retry_after` in seconds if it said so."""

    code = "provider_unavailable"
    status = 503
    again = True

    def __init__(self, model: str, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(
            model,
            t("{model} does not work at the moment. Please try again, or choose another model.", model=model),
        )


class ProviderUnreachableError(ProviderUnavailableError):
    """Nobody answers at the provider's address."""

    code = "provider_unreachable"
    whole_provider = True


class ProviderTimeoutError(ProviderError):
    """No first word in time or, with `stalled`, silence in the middle of an answer; `seconds` is how long it took."""

    code = "provider_timeout"
    status = 504

    def __init__(self, model: str, seconds: float, *, stalled: bool) -> None:
        self.stalled = stalled
        waited = max(1, round(seconds))
        if stalled:
            message = t(
                "{model} fell silent in the middle of the answer, for {seconds} seconds. Please try again.",
                model=model,
                seconds=waited,
            )
        else:
            message = t(
                "{model} gave no answer within {seconds} seconds. Please try again, or choose another model.",
                model=model,
                seconds=waited,
            )
        super().__init__(model, message)


class ProviderStreamBrokenError(ProviderError):
    """The answer stopped before its end, or cannot be read."""

    code = "provider_stream_broken"
    again = True

    def __init__(self, model: str) -> None:
        super().__init__(model, t("The answer of {model} broke off. Please try again.", model=model))


class ProviderEmptyAnswerError(ProviderError):
    """The answer ended properly without a single word."""

    code = "provider_empty_answer"

    def __init__(self, model: str) -> None:
        super().__init__(model, t("{model} sent an empty answer. Please try again, or ask differently.", model=model))


class ProviderCreditUsedUpError(ProviderError):
    """The account at the provider has no credit left."""

    code = "provider_credit_used_up"
    retryable = False
    whole_provider = True

    def __init__(self, model: str) -> None:
        super().__init__(
            model,
            t("The account that pays for {model} has no credit left. Please tell your administrator.", model=model),
        )


class ProviderKeyRefusedError(ProviderError):
    """The key is wrong or may not use this model."""

    code = "provider_key_refused"
    retryable = False
    whole_provider = True

    def __init__(self, model: str) -> None:
        super().__init__(
            model,
            t("The provider of {model} refused our key. Please tell your administrator.", model=model),
        )


class ProviderRejectedError(ProviderError):
    """The provider refused the request itself; `reason` is its own words, cleaned and shortened."""

    code = "provider_rejected"
    retryable = False
    elsewhere = False

    def __init__(self, model: str, reason: str) -> None:
        self.reason = reason
        super().__init__(model, t("{model} refused the request: {reason}", model=model, reason=reason))


class ContextTooLongError(ProviderRejectedError):
    """The conversation with its passages is longer than the model can read."""

    code = "context_too_long"

    def __init__(self, model: str, reason: str = "") -> None:
        super().__init__(model, reason)
        self.message = t(
            "This conversation is too long for {model}. Please start a new one, or choose a model that reads more.",
            model=model,
        )
