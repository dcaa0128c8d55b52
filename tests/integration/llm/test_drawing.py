"""Pictures made by a provider over HTTP: what is asked, prices, and a name for each failure."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from convosphere.llm.drawing import Drawing, Illustrator, read_drawing
from convosphere.llm.errors import ProviderError, ProviderUnreadableError
from convosphere.llm.prices import find_facts
from convosphere.llm.routing import Router
from convosphere.llm.schemas import Model, Price, UnitPrice, Usage
from tests.integration.llm.conftest import KEY, PATIENT
from tests.integration.llm.failures import FAILURES
from tests.integration.llm.test_every_failure import check_words, open_route
from tests.provider.drawing import SIDE
from tests.provider.fixtures import RunningProvider

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]
PLAYED = {
    "direct": ("[[status=400]]", "[[status=401 leak]]", "[[status=429 retry_after=0.1]]", "[[status=500 leak]]",
               "[[html]]", "[[garbage]]", "[[filtered]]"),
    "litellm": ("[[status=400]]", "[[status=401 leak]]", "[[garbage]]"),
}  # fmt: skip


async def draw(way: str, url: str, wish: str) -> Drawing:
    async with open_route(way, url) as route:
        return await Illustrator(route, Router(PATIENT), None).draw(wish)


@pytest.mark.parametrize("way", ["direct", "litellm"])
async def test_a_picture_comes_as_a_file(provider: RunningProvider, way: str) -> None:
    drawing = await draw(way, provider.url, "A lighthouse")
    assert Image.open(io.BytesIO(drawing.data)).size == (SIDE, SIDE)
    assert drawing.usage is None
    (record,) = provider.provider.records
    assert record.authorization == f"Bearer {KEY}"
    assert record.body.items() >= {"prompt": "A lighthouse", "n": 1, "size": "1024x1024"}.items()
    if way == "direct":  # LiteLLM knows which models take a form.
        assert record.body["response_format"] == "b64_json"


@pytest.mark.parametrize("way", ["direct", "litellm"])
async def test_who_knows_one_form_only_is_asked_for_none(provider: RunningProvider, way: str) -> None:
    async with open_route(way, provider.url) as route:
        illustrator = Illustrator(route, Router(PATIENT), None)
        drawings = [await illustrator.draw("[[formless]] A lighthouse") for _ in range(2)]
    assert [drawing.usage for drawing in drawings] == [Usage(60, 1_000)] * 2
    forms = ["response_format" in record.body for record in provider.provider.records]
    if way == "direct":
        assert forms == [True, False, False], "it is told a form only once"
    else:
        assert not forms[-1]


@pytest.mark.parametrize(("way", "directive"), [(way, each) for way, played in PLAYED.items() for each in played])
async def test_a_failure_has_a_name(provider: RunningProvider, way: str, directive: str) -> None:
    (failure,) = [each for each in FAILURES if each.directive == directive]
    with pytest.raises(ProviderError) as raised:
        await draw(way, provider.url, failure.directive)
    assert type(raised.value) is failure.error
    check_words(raised.value)
    assert len(provider.provider.records) == failure.calls


@pytest.mark.parametrize(
    "answered",
    [
        {}, {"data": []}, {"data": None}, {"data": [{}]}, {"data": [{"b64_json": None}]},
        {"data": [{"b64_json": "no base64!"}]}, {"data": [{"url": "http://169.254.169.254/picture.png"}]},
    ],
)  # fmt: skip
def test_what_is_no_picture_is_not_read_and_no_address_is_followed(answered: dict[str, object]) -> None:
    with pytest.raises(ProviderUnreadableError):
        read_drawing(answered, "Model")


def test_a_picture_costs_what_the_price_list_says() -> None:
    by_tokens, by_picture = find_facts("gpt-image-1"), find_facts("gemini/imagen-3.0-generate-001")
    assert by_tokens is not None
    assert (by_tokens.unit_price, by_tokens.price and by_tokens.price.output_nanos) == (None, 40_000_000_000)
    assert by_picture is not None
    assert by_picture.unit_price == UnitPrice(40_000_000, "picture")


async def test_a_picture_is_paid_by_itself_or_by_its_tokens(provider: RunningProvider) -> None:
    async with open_route("direct", provider.url) as route:

        def costs(usage: Usage | None, **prices: object) -> int | None:
            model = Model("m", "Model", "openai", **prices)  # pyright: ignore[reportArgumentType]
            return Illustrator(replace(route, model=model), Router(PATIENT), None).cost_nanos(usage)

        assert costs(None, unit_price=UnitPrice(40_000_000, "picture", "EUR")) == 40_000_000
        assert costs(Usage(60, 1_000), price=Price(5_000_000_000, 40_000_000_000)) == 40_300_000
        assert costs(None, price=Price(5_000_000_000, 40_000_000_000)) is None
        assert costs(Usage(60, 1_000)) is None
