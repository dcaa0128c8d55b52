"""What is said, written down by a provider over HTTP: times, prices, and a name for each failure."""

from dataclasses import replace

import pytest

from convosphere.llm.errors import ProviderError, ProviderUnreadableError
from convosphere.llm.prices import find_facts
from convosphere.llm.routing import Router
from convosphere.llm.schemas import Model, UnitPrice
from convosphere.llm.speech import Sound, Transcriber, Transcript, read_transcript
from tests.fixtures.recordings import make_wav
from tests.integration.llm.conftest import KEY, PATIENT
from tests.integration.llm.failures import FAILURES
from tests.integration.llm.test_every_failure import HASTY, check_words, open_route
from tests.provider.fixtures import RunningProvider

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]
PIECE = Sound(make_wav((0.3, 1.0)), 0.3)
PLAYED = {
    "direct": ("[[status=400]]", "[[status=401 leak]]", "[[status=413]]", "[[status=429 retry_after=0.1]]",
               "[[status=500 leak]]", "[[status=404 html]]", "[[html]]", "[[garbage]]", "[[hang]]", "[[filtered]]"),
    "litellm": ("[[status=400]]", "[[status=401 leak]]", "[[status=500 leak]]", "[[html]]", "[[garbage]]"),
}  # fmt: skip
"""What can go wrong with an answer that comes at once."""


async def listen(way: str, url: str, sound: Sound = PIECE, *, is_hasty: bool = False) -> Transcript:
    patience = HASTY if is_hasty else PATIENT
    async with open_route(way, url) as route:
        return await Transcriber(route, Router(patience), None).transcribe(sound)


@pytest.mark.parametrize("way", ["direct", "litellm"])
async def test_words_come_with_their_times(provider: RunningProvider, way: str) -> None:
    sound = Sound(make_wav((5.0, 1.0)), 5.0)
    heard = await listen(way, provider.url, sound)
    assert heard.is_timed
    assert [(each.begins, each.ends) for each in heard.utterances] == [(0, 2), (2, 4), (4, 5)]
    assert heard.utterances[1].text == "At second 2 of this piece owls are talked about."
    (record,) = provider.provider.records
    assert record.body["file"] == {"seconds": 5.0, "bytes": len(sound.data)}
    assert record.authorization == f"Bearer {KEY}"


@pytest.mark.parametrize("way", ["direct", "litellm"])
async def test_who_tells_no_times_is_asked_for_words_alone(provider: RunningProvider, way: str) -> None:
    provider.provider.speech = "[[untimed]]"
    async with open_route(way, provider.url) as route:
        transcriber = Transcriber(route, Router(PATIENT), None)
        heard = [await transcriber.transcribe(PIECE) for _ in range(2)]
    assert not heard[0].is_timed
    assert (heard[0].utterances[0].begins, heard[0].utterances[0].ends) == (0.0, 0.3)
    if way == "direct":
        forms = [record.body["response_format"] for record in provider.provider.records]
        assert forms == ["verbose_json", "json", "json"], "it is asked for times only once"


@pytest.mark.parametrize(("way", "directive"), [(way, each) for way, played in PLAYED.items() for each in played])
async def test_a_failure_has_a_name(provider: RunningProvider, way: str, directive: str) -> None:
    (failure,) = [each for each in FAILURES if each.directive == directive]
    provider.provider.speech = failure.directive
    with pytest.raises(ProviderError) as raised:
        await listen(way, provider.url, is_hasty="hang" in directive)
    assert type(raised.value) is failure.error
    check_words(raised.value)
    assert len(provider.provider.records) == failure.calls


@pytest.mark.parametrize(
    ("segments", "times"),
    [
        ([{"start": 3, "end": 1, "text": "a"}, {"start": 2, "end": 90, "text": "b"}], [(3, 3), (3, 10)]),
        ([{"start": -5, "end": 400, "text": "a"}, {"start": 0, "end": 1, "text": "  "}], [(0, 10)]),
    ],
)
def test_times_that_cannot_be_are_mended(segments: list[object], times: list[tuple[float, float]]) -> None:
    heard = read_transcript({"text": "a b", "segments": segments}, Sound(b"", 10.0), "Model")
    assert [(each.begins, each.ends) for each in heard.utterances] == times


@pytest.mark.parametrize(
    "answered",
    [
        {}, {"text": None}, {"text": 5}, {"text": "x" * 300_000}, {"text": "", "segments": 7},
        {"text": "", "segments": [{"start": "soon", "end": 1, "text": "a"}]},
        {"text": "", "segments": [{"start": float("nan"), "end": 1, "text": "a"}]},
        {"text": "", "segments": [{"text": "a"}]}, {"text": "", "segments": ["a"]},
    ],
)  # fmt: skip
def test_what_is_no_transcript_is_not_read(answered: dict[str, object]) -> None:
    with pytest.raises(ProviderUnreadableError):
        read_transcript(answered, Sound(b"", 10.0), "Model")


def test_a_minute_costs_what_the_price_list_says() -> None:
    whisper, groq, token_priced = (find_facts(name) for name in ("whisper-1", "groq/whisper-large-v3", "gpt-4o"))
    assert whisper is not None
    assert groq is not None
    assert token_priced is not None
    listed = (whisper.unit_price, groq.unit_price, token_priced.unit_price)
    assert listed == (UnitPrice(6_000_000, "minute"), UnitPrice(1_849_800, "minute"), None)


async def test_an_unknown_price_is_no_price(provider: RunningProvider) -> None:
    async with open_route("direct", provider.url) as route:
        model = Model("m", "Model", "openai", unit_price=UnitPrice(6_000_000, "minute", "EUR"))
        assert Transcriber(replace(route, model=model), Router(PATIENT), None).cost_nanos(90.0) == 9_000_000
        assert Transcriber(route, Router(PATIENT), None).cost_nanos(90.0) is None
