"""What providers do wrong, and what people are told of it: one table for the gateway, for LiteLLM and for chat."""

from dataclasses import dataclass

from convosphere.llm import errors
from convosphere.llm.errors import ProviderError


@dataclass(frozen=True)
class Failure:
    """What the test provider is told to do, the error that comes of it, and how often a provider is asked.

    `words` are the words that are kept. `calls_of_litellm` are those where it asks again by itself.
    """

    directive: str
    error: type[ProviderError]
    calls: int = 1
    words: int = 0
    calls_of_litellm: int = 0
    is_slow: bool = False

    def __str__(self) -> str:
        return self.directive


FAILURES = (
    Failure("[[status=400]]", errors.ProviderRejectedError),
    Failure("[[status=401 leak]]", errors.ProviderKeyRefusedError),
    Failure("[[status=402]]", errors.ProviderCreditUsedUpError),
    Failure("[[status=403 leak]]", errors.ProviderForbiddenError),
    Failure("[[status=404]]", errors.ProviderModelMissingError),
    Failure("[[status=408]]", errors.ProviderUnavailableError, calls=3),
    Failure("[[status=409]]", errors.ProviderUnavailableError, calls=3),
    Failure("[[status=413]]", errors.RequestTooLargeError),
    Failure("[[status=422]]", errors.ProviderRejectedError, calls_of_litellm=2),
    Failure("[[status=429]]", errors.ProviderRateLimitedError, calls=3),
    Failure("[[status=429 retry_after=0.1]]", errors.ProviderRateLimitedError, calls=2),
    Failure("[[status=429 retry_date=1]]", errors.ProviderRateLimitedError, calls=2),
    Failure("[[status=429 retry_after=3600]]", errors.ProviderRateLimitedError),
    Failure("[[status=500 leak]]", errors.ProviderUnavailableError, calls=3),
    Failure("[[status=503]]", errors.ProviderUnavailableError, calls=3),
    Failure("[[status=529]]", errors.ProviderUnavailableError, calls=3),
    Failure("[[status=502 html]]", errors.ProviderUnavailableError, calls=3),
    Failure("[[status=404 html]]", errors.ProviderWebPageError),
    Failure("[[html]]", errors.ProviderWebPageError),
    Failure("[[garbage]]", errors.ProviderUnreadableError, calls=3),
    Failure("[[tokens=9 garbage_after=4]]", errors.ProviderUnreadableError, words=4),
    Failure("[[hang]]", errors.ProviderTimeoutError, is_slow=True),
    Failure("[[hang_after_headers]]", errors.ProviderTimeoutError, is_slow=True),
    Failure("[[tokens=9 stall_after=5]]", errors.ProviderTimeoutError, words=5, is_slow=True),
    Failure("[[tokens=9 stall_after=5 comments]]", errors.ProviderTimeoutError, words=5, is_slow=True),
    Failure("[[tokens=9 cut_after=0]]", errors.ProviderStreamBrokenError, calls=3),
    Failure("[[tokens=9 cut_after=5]]", errors.ProviderStreamBrokenError, words=5),
    Failure("[[tokens=9 end_after=0]]", errors.ProviderStreamBrokenError, calls=3),
    Failure("[[tokens=9 end_after=5]]", errors.ProviderStreamBrokenError, words=5),
    Failure("[[tokens=9 error_after=0]]", errors.ProviderUnavailableError, calls=3),
    Failure("[[tokens=9 error_after=0 error_code=429]]", errors.ProviderRateLimitedError, calls=3),
    Failure("[[tokens=9 error_after=5]]", errors.ProviderStreamBrokenError, words=5),
    Failure("[[tokens=9 error_after=5 error_code=429]]", errors.ProviderStreamBrokenError, words=5),
    Failure("[[filtered]]", errors.ContentFilteredError),
    Failure("[[tokens=9 filter_after=0]]", errors.ContentFilteredError),
    Failure("[[tokens=9 filter_after=5]]", errors.ContentFilteredError, words=5),
    Failure("[[context]]", errors.ContextTooLongError),
    Failure("[[empty]]", errors.ProviderEmptyAnswerError),
    Failure("[[empty tool=broken]]", errors.ProviderToolCallError),
    Failure("[[empty tool=good]]", errors.ProviderToolCallError),
    Failure("[[tokens=5 tool=broken]]", errors.ProviderToolCallError, words=5),
)

WRONG_USAGE = tuple(
    f"[[tokens=7 usage={kind}]]" for kind in ("negative", "absurd", "strings", "nested", "null", "booleans")
)
