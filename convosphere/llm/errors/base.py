"""What every failure of a model has in common, and those before a provider is asked."""

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
    other models of this provider would fail alike; `is_fault` – it speaks against the health of what was asked.

    `retry_after` is in seconds, None if nobody said. `attempts` counts the calls that were made.
    """

    code = "provider_error"
    status = 502
    retryable: ClassVar[bool] = True
    again: ClassVar[bool] = False
    elsewhere: ClassVar[bool] = True
    whole_provider: ClassVar[bool] = False
    is_fault: ClassVar[bool] = True

    def __init__(self, model: str, message: Message | None = None, *, retry_after: float | None = None) -> None:
        self.model = model
        self.retry_after = retry_after
        self.attempts = 0
        super().__init__(message or self.sentence(model))

    @classmethod
    def sentence(cls, model: str) -> Message:
        """What happened and what to do, where the model's name is all there is to say."""
        return t("{model} does not work at the moment. Please try again, or choose another model.", model=model)
