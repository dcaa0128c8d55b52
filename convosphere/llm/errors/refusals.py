"""A provider that says no: to us, to the model that is wanted, or to what was asked."""

from convosphere.core.i18n import Message, t
from convosphere.llm.errors.base import ProviderError


class ProviderCreditUsedUpError(ProviderError):
    """The account at the provider has no credit left."""

    code = "provider_credit_used_up"
    retryable = False
    whole_provider = True

    @classmethod
    def sentence(cls, model: str) -> Message:
        return t("The account that pays for {model} has no credit left. Please tell your administrator.", model=model)


class ProviderKeyRefusedError(ProviderError):
    """The key is wrong, or not valid any longer."""

    code = "provider_key_refused"
    retryable = False
    whole_provider = True

    @classmethod
    def sentence(cls, model: str) -> Message:
        return t("The provider of {model} refused our key. Please tell your administrator.", model=model)


class ProviderForbiddenError(ProviderError):
    """The key is right and may not use this model."""

    code = "provider_forbidden"
    retryable = False

    @classmethod
    def sentence(cls, model: str) -> Message:
        return t(
            "The provider does not let us use {model}. Please tell your administrator, or choose another model.",
            model=model,
        )


class ProviderModelMissingError(ProviderError):
    """The provider has no such model, or not any longer."""

    code = "provider_model_missing"
    retryable = False

    @classmethod
    def sentence(cls, model: str) -> Message:
        return t(
            "The provider does not have {model}, or not any longer. Please choose another model, and tell your "
            "administrator.",
            model=model,
        )


class ProviderRejectedError(ProviderError):
    """The provider refused the request itself; `reason` is its own words, cleaned and shortened."""

    code = "provider_rejected"
    retryable = False
    elsewhere = False
    is_fault = False

    def __init__(self, model: str, reason: str = "", message: Message | None = None) -> None:
        self.reason = reason
        super().__init__(model, message or t("{model} refused the request: {reason}", model=model, reason=reason))


class ContentFilteredError(ProviderRejectedError):
    """The provider's own rules forbid the question, or the rest of the answer."""

    code = "content_filtered"

    def __init__(self, model: str, reason: str = "") -> None:
        message = t(
            "The provider of {model} withheld the answer by its rules on content. Please ask differently.", model=model
        )
        super().__init__(model, reason, message)


class RequestTooLargeError(ProviderRejectedError):
    """More than the provider takes in one request."""

    code = "request_too_large"
    elsewhere = True

    def __init__(self, model: str, reason: str = "") -> None:
        message = t(
            "This is more than {model} takes at once. Please shorten the question, or start a new conversation.",
            model=model,
        )
        super().__init__(model, reason, message)


class ContextTooLongError(ProviderRejectedError):
    """The conversation with its passages is longer than the model can read; one that reads more may answer."""

    code = "context_too_long"
    elsewhere = True

    def __init__(self, model: str, reason: str = "") -> None:
        message = t(
            "This conversation is too long for {model}. Please start a new one, or choose a model that reads more.",
            model=model,
        )
        super().__init__(model, reason, message)
