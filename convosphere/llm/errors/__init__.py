"""What can go wrong with a model, as a tree.

ExpectedError
├── ModelNotFoundError               (NotFoundError) no model has this name
├── EmbeddingsUnavailableError       (UnavailableError) no embedding model is connected
└── ProviderError                    a provider did not do what it was asked
    ├── ProviderRateLimitedError     too many requests; may know how long to wait
    ├── ProviderUnavailableError     a fault of the provider, 5xx and its like
    │   └── ProviderUnreachableError nobody answers at the address
    │       ├── ProviderHostUnknownError  its name leads nowhere
    │       └── ProviderCertificateError  its certificate cannot be trusted
    ├── ProviderTimeoutError         no first word, or silence between two words
    ├── ProviderStreamBrokenError    half an answer
    │   └── ProviderUnreadableError  something that is no answer
    │       └── ProviderWebPageError a web page in place of an answer
    ├── ProviderEmptyAnswerError     a whole answer without a word
    ├── ProviderToolCallError        a tool asked for in a way that nobody can follow
    ├── ProviderCreditUsedUpError    the account there has no credit left
    ├── ProviderKeyRefusedError      the key is wrong
    ├── ProviderForbiddenError       the key may not use this model
    ├── ProviderModelMissingError    the provider does not know the model
    ├── ProviderRestingError         it failed so often that nobody asks it for a while
    ├── ProviderBusyError            too many people wait for it, or one of them for too long
    └── ProviderRejectedError        the request itself was refused, with the provider's reason
        ├── ContentFilteredError     the provider does not say what was wanted
        ├── RequestTooLargeError     more than the provider takes at once
        └── ContextTooLongError      the conversation is longer than the model can read
"""

from convosphere.llm.errors.base import (
    EmbeddingsUnavailableError,
    ModelNotFoundError,
    ProviderError,
)
from convosphere.llm.errors.faults import (
    ProviderBusyError,
    ProviderCertificateError,
    ProviderEmptyAnswerError,
    ProviderHostUnknownError,
    ProviderRateLimitedError,
    ProviderRestingError,
    ProviderStreamBrokenError,
    ProviderTimeoutError,
    ProviderToolCallError,
    ProviderUnavailableError,
    ProviderUnreachableError,
    ProviderUnreadableError,
    ProviderWebPageError,
)
from convosphere.llm.errors.refusals import (
    ContentFilteredError,
    ContextTooLongError,
    ProviderCreditUsedUpError,
    ProviderForbiddenError,
    ProviderKeyRefusedError,
    ProviderModelMissingError,
    ProviderRejectedError,
    RequestTooLargeError,
)

__all__ = [
    "ContentFilteredError",
    "ContextTooLongError",
    "EmbeddingsUnavailableError",
    "ModelNotFoundError",
    "ProviderBusyError",
    "ProviderCertificateError",
    "ProviderCreditUsedUpError",
    "ProviderEmptyAnswerError",
    "ProviderError",
    "ProviderForbiddenError",
    "ProviderHostUnknownError",
    "ProviderKeyRefusedError",
    "ProviderModelMissingError",
    "ProviderRateLimitedError",
    "ProviderRejectedError",
    "ProviderRestingError",
    "ProviderStreamBrokenError",
    "ProviderTimeoutError",
    "ProviderToolCallError",
    "ProviderUnavailableError",
    "ProviderUnreachableError",
    "ProviderUnreadableError",
    "ProviderWebPageError",
    "RequestTooLargeError",
]
