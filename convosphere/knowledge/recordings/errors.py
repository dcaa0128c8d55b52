"""What can go wrong with recordings, besides reading them (`parsing.errors`).

ExpectedError
├── SpeechModelMissingError  nobody writes down what is said
└── UnavailableError
    └── ModelPausedError     a model does not answer now; to try later can help
"""

from convosphere.core.errors import ConflictError, UnavailableError
from convosphere.core.i18n import Message, t
from convosphere.llm.errors import ProviderError


class SpeechModelMissingError(ConflictError):
    """The workspace chose no model for speech."""

    code = "speech_model_missing"

    @classmethod
    def default_message(cls) -> Message:
        return t(
            "Nobody writes down yet what is said in recordings. An administrator can choose a model for speech on the "
            "page Models, under Defaults; then this is read by itself."
        )


class ModelPausedError(UnavailableError):
    """A provider failed in a way that passes; `failure` is what is told if it does not."""

    code = "model_paused"

    def __init__(self, failure: ProviderError) -> None:
        self.failure = failure
        super().__init__(failure.message)
