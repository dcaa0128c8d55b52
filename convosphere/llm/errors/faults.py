"""A provider that does not work, or not well: to ask again, later or elsewhere, can help."""

from convosphere.core.i18n import Message, t
from convosphere.llm.errors.base import ProviderError


class ProviderRateLimitedError(ProviderError):
    """The provider takes no more requests for now."""

    code = "provider_rate_limited"
    status = 429
    again = True

    def __init__(self, model: str, retry_after: float | None = None) -> None:
        if retry_after is None:
            message = t("{model} has too many requests at the moment. Please try again in a minute.", model=model)
        else:
            message = t(
                "{model} has too many requests at the moment. Please try again in {seconds} seconds.",
                model=model,
                seconds=max(1, round(retry_after)),
            )
        super().__init__(model, message, retry_after=retry_after)


class ProviderUnavailableError(ProviderError):
    """The provider answered with a fault of its own."""

    code = "provider_unavailable"
    status = 503
    again = True


class ProviderUnreachableError(ProviderUnavailableError):
    """Nobody answers at the provider's address."""

    code = "provider_unreachable"
    whole_provider = True

    @classmethod
    def sentence(cls, model: str) -> Message:
        return t("The provider of {model} cannot be reached. Please try again, or choose another model.", model=model)


class ProviderHostUnknownError(ProviderUnreachableError):
    """The name in the provider's address leads nowhere."""

    code = "provider_host_unknown"

    @classmethod
    def sentence(cls, model: str) -> Message:
        return t(
            "The address of {model} is not found in the network. Please tell your administrator, or choose another "
            "model.",
            model=model,
        )


class ProviderCertificateError(ProviderUnreachableError):
    """The provider's certificate is out of date, for another name, or signed by nobody we trust."""

    code = "provider_certificate"
    again = False
    retryable = False

    @classmethod
    def sentence(cls, model: str) -> Message:
        return t(
            "The certificate of {model}'s provider cannot be trusted, so nothing was sent. Please tell your "
            "administrator, or choose another model.",
            model=model,
        )


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
    """The answer stopped before its end."""

    code = "provider_stream_broken"
    again = True

    @classmethod
    def sentence(cls, model: str) -> Message:
        return t("The answer of {model} broke off. Please try again.", model=model)


class ProviderUnreadableError(ProviderStreamBrokenError):
    """What came is not in the form of an answer."""

    code = "provider_unreadable"

    @classmethod
    def sentence(cls, model: str) -> Message:
        return t("{model} sent something that cannot be read. Please try again, or choose another model.", model=model)


class ProviderWebPageError(ProviderUnreadableError):
    """A web page came: the address is wrong, or something stands before the provider."""

    code = "provider_web_page"
    again = False
    whole_provider = True

    @classmethod
    def sentence(cls, model: str) -> Message:
        return t(
            "At the address of {model} there is a web page, not a model. Please tell your administrator, or choose "
            "another model.",
            model=model,
        )


class ProviderEmptyAnswerError(ProviderError):
    """The answer ended properly without a single word."""

    code = "provider_empty_answer"

    @classmethod
    def sentence(cls, model: str) -> Message:
        return t("{model} sent an empty answer. Please try again, or ask differently.", model=model)


class ProviderToolCallError(ProviderError):
    """The model asked for a tool that nobody offered, or with arguments that are not JSON."""

    code = "provider_tool_call"

    @classmethod
    def sentence(cls, model: str) -> Message:
        return t(
            "{model} wanted to use a tool in a way that cannot be understood. Please try again, or choose another "
            "model.",
            model=model,
        )


class ProviderRestingError(ProviderError):
    """It failed again and again, and is not asked until `retry_after`."""

    code = "provider_resting"
    status = 503
    is_fault = False

    def __init__(self, model: str, retry_after: float) -> None:
        message = t(
            "{model} failed several times and is asked again in {seconds} seconds. Please choose another model "
            "meanwhile.",
            model=model,
            seconds=max(1, round(retry_after)),
        )
        super().__init__(model, message, retry_after=retry_after)


class ProviderBusyError(ProviderError):
    """It takes only so many at once: the queue is full or, after `seconds` in it, the turn never came."""

    code = "provider_busy"
    status = 503
    is_fault = False

    def __init__(self, model: str, seconds: float | None = None) -> None:
        if seconds is None:
            message = t(
                "Too many questions wait for {model} already. Please try again in a minute, or choose another model.",
                model=model,
            )
        else:
            message = t(
                "Your question waited {seconds} seconds for {model}, which has too much to do. Please try again, or "
                "choose another model.",
                model=model,
                seconds=max(1, round(seconds)),
            )
        super().__init__(model, message)
