"""Each way in which a provider fails, over HTTP, read directly and through LiteLLM: a name, a sentence, no secrets."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence

import pytest

from convosphere.llm import errors
from convosphere.llm.errors import ProviderError
from convosphere.llm.lazy_loader import load_litellm
from convosphere.llm.providers.direct import DirectProvider, Endpoint, open_session
from convosphere.llm.providers.through_litellm import LiteLLMProvider
from convosphere.llm.routing import Patience, Route, Router
from convosphere.llm.schemas import Finished, Model, StreamEvent
from tests.integration.llm.conftest import KEY, PATIENT, ask, collect, text_of
from tests.integration.llm.failures import FAILURES, WRONG_USAGE, Failure
from tests.provider.certificates import self_signed
from tests.provider.fixtures import RunningProvider, start_provider

# LiteLLM 1.106 leaves sessions and models behind that complain of their own, and Pydantic of its types.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

HASTY = Patience(first_token=2.5, next_token=1.5, total=8, backoff=0.01)
SECRET_QUESTION = "Ought-nobody-to-read-this"


@contextlib.asynccontextmanager
async def open_route(way: str, url: str) -> AsyncIterator[Route]:
    """A model of the provider at this address."""
    if way == "litellm":
        await load_litellm()
        yield Route(Model("m", "Model", "openai"), LiteLLMProvider(key=KEY, api_base=url), "openai/test-echo")
        return
    async with open_session() as session:
        yield Route(Model("m", "Model", "openai"), DirectProvider(Endpoint("openai", url, KEY), session), "test-echo")


async def play(way: str, url: str, directive: str, patience: Patience, into: list[StreamEvent]) -> None:
    async with open_route(way, url) as route:
        await collect(Router(patience).stream([route], ask(f"{SECRET_QUESTION} {directive}")), into)


def check_words(error: ProviderError) -> None:
    """A sentence in both languages that names the model and gives nothing away."""
    english, german = str(error.message), error.message.in_locale("de")
    assert "Model" in english
    assert english != german
    for text in (english, german, repr(error), str(vars(error))):
        assert KEY not in text
        assert SECRET_QUESTION not in text
        assert "127.0.0.1" not in text
        assert "itellm" not in text


def check_logs(captured: Sequence[str]) -> None:
    for text in captured:
        assert KEY not in text
        assert SECRET_QUESTION not in text


@pytest.mark.parametrize("way", ["direct", "litellm"])
@pytest.mark.parametrize("failure", FAILURES, ids=str)
async def test_a_failure_has_a_name_and_keeps_what_was_said(
    provider: RunningProvider,
    failure: Failure,
    way: str,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    events: list[StreamEvent] = []
    with pytest.raises(ProviderError) as raised:
        await play(way, provider.url, failure.directive, HASTY if failure.is_slow else PATIENT, events)
    assert type(raised.value) is failure.error
    assert len(text_of(events).split()) == failure.words
    assert raised.value.attempts == failure.calls
    assert len(provider.chats()) == ((way == "litellm" and failure.calls_of_litellm) or failure.calls)
    check_words(raised.value)
    check_logs([*capfd.readouterr(), caplog.text])


@pytest.mark.parametrize("way", ["direct", "litellm"])
@pytest.mark.parametrize("directive", [*WRONG_USAGE, "[[tokens=7 no_usage]]"])
async def test_wrong_numbers_of_use_spoil_no_answer(provider: RunningProvider, way: str, directive: str) -> None:
    events: list[StreamEvent] = []
    await play(way, provider.url, directive, PATIENT, events)
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert len(text_of(events).split()) == 7
    assert finished.usage.estimated
    assert 7 <= finished.usage.completion_tokens < 100
    assert 5 <= finished.usage.prompt_tokens < 100
    assert finished.usage.cost_nanos is None


@pytest.mark.parametrize("way", ["direct", "litellm"])
@pytest.mark.parametrize(
    ("url", "error", "calls"),
    [
        ("http://no-such-host.invalid/v1", errors.ProviderHostUnknownError, 3),
        ("http://127.0.0.1:9/v1", errors.ProviderUnreachableError, 3),
        ("https", errors.ProviderCertificateError, 1),
    ],
)
async def test_an_address_that_leads_nowhere(way: str, url: str, error: type[ProviderError], calls: int) -> None:
    with start_provider(tls=self_signed()) as untrusted, pytest.raises(ProviderError) as raised:
        await play(way, untrusted.url if url == "https" else url, "", PATIENT, [])
    assert type(raised.value) is error
    assert raised.value.attempts == calls
    check_words(raised.value)


async def test_a_clock_that_jumps_changes_no_waiting(
    provider: RunningProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting goes by a clock that nobody sets: an hour forth and back changes neither patience nor rests."""
    true_time, jumps = time.time, iter(range(1_000_000))
    monkeypatch.setattr(time, "time", lambda: true_time() + (3600 if next(jumps) % 2 else -3600))
    began = time.monotonic()
    events: list[StreamEvent] = []
    await play("direct", provider.url, "[[status=429 retry_date=1 times=1 tokens=9 rate=100]]", HASTY, events)
    assert len(text_of(events).split()) == 9
    assert time.monotonic() - began >= 1
    with pytest.raises(errors.ProviderTimeoutError):
        await asyncio.wait_for(play("direct", provider.url, "[[hang]]", HASTY, []), 60)
