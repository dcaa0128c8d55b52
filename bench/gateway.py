"""The way to a model: what the gateway adds to the first token, whether it grows, and many streams at once."""

import asyncio
import gc
import json
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager

import aiohttp
import psutil

from bench.figures import Figure, spread
from bench.product import Provider, running_provider
from convosphere.core.permissions import ANONYMOUS
from convosphere.core.settings import Settings
from convosphere.llm.errors import ProviderRejectedError
from convosphere.llm.gateway import Gateway
from convosphere.llm.providers.direct import DirectProvider, Endpoint, open_session
from convosphere.llm.routing import Account, Limits, Patience, Route, Router
from convosphere.llm.schemas import ChatMessage, CompletionRequest, Model, TextPiece

MODEL = "test-echo"
PAIRS = 300
WARM = 50
CALLS = 5_000
LAPS = 5
AT_ONCE = 8
STREAMS = 200
TOKENS, RATE = 100, 20.0
SLOTS = 50


def measure() -> Iterator[Figure]:
    """All of it against one provider in a process of its own."""
    with running_provider() as provider:
        yield from asyncio.run(_first_tokens(provider))
        yield from asyncio.run(_memory(provider))
        yield from asyncio.run(_many(provider))
        yield from asyncio.run(_turns(provider))


@asynccontextmanager
async def _opened(provider: Provider) -> AsyncIterator[Gateway]:
    settings = Settings.model_validate(
        {"openai_base_url": provider.url, "openai_api_key": "bench", "models": (f"openai/{MODEL}",)}
    )
    async with Gateway(settings) as gateway:
        yield gateway


async def _first_tokens(provider: Provider) -> list[Figure]:
    """One call bare and one through the gateway in turn, so that both meet the same machine."""
    bare: list[float] = []
    through: list[float] = []
    async with _opened(provider) as gateway, open_session() as session:
        for number in range(PAIRS + WARM):
            times = [await _first_bare(session, provider.url), await _first_through(gateway)]
            if number >= WARM:
                bare.append(times[0])
                through.append(times[1])
    added = statistics.median(through) - statistics.median(bare)
    each = [after - before for before, after in zip(bare, through, strict=True)]
    return [
        Figure("first token, bare aiohttp", spread(bare), "", f"{PAIRS} calls, interleaved with the next"),
        Figure("first token, through the gateway", spread(through), "", "the same calls"),
        Figure("what the gateway adds", f"{added:.2f} ms of the middle, pairs {spread(each)}", "p50 ≤ 25 ms"),
    ]


async def _first_bare(session: aiohttp.ClientSession, url: str) -> float:
    body = {"model": MODEL, "messages": [{"role": "user", "content": "Hello there"}], "stream": True}
    began, first = time.perf_counter(), 0.0
    async with session.post(
        f"{url}/chat/completions", json=body, headers={"authorization": "Bearer bench"}
    ) as response:
        async for line in response.content:
            if line.startswith(b"data: {") and json.loads(line[6:])["choices"][0]["delta"].get("content"):
                first = time.perf_counter() - began
                break
        await response.read()
    return first * 1000


async def _first_through(gateway: Gateway) -> float:
    began, first = time.perf_counter(), 0.0
    async with aclosing(gateway.stream(ANONYMOUS, _question("Hello there"))) as events:
        async for event in events:
            if not first and isinstance(event, TextPiece):
                first = time.perf_counter() - began
    return first * 1000


async def _memory(provider: Provider) -> list[Figure]:
    """The size after each lap: what grows with calls shows from lap to lap, what is loaded once does not."""
    process, sizes = psutil.Process(), []
    async with _opened(provider) as gateway:
        await _call(gateway, CALLS // LAPS)
        for _ in range(LAPS):
            await _call(gateway, CALLS // LAPS)
            gc.collect()
            sizes.append(process.memory_info().rss / 2**20)
    told = ", ".join(f"{size:.1f}" for size in sizes)
    condition = f"answers of 20 tokens, one in ten fails; after laps of {CALLS // LAPS}: {told} MB"
    return [Figure(f"growth over {CALLS} calls", f"{sizes[-1] - sizes[0]:+.1f} MB", "none", condition)]


async def _call(gateway: Gateway, count: int) -> None:
    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            directive = "[[status=400]]" if number % 10 == 0 else "[[tokens=20]]"
            try:
                await gateway.complete(ANONYMOUS, _question(f"{directive} {number}"))
            except ProviderRejectedError:
                assert number % 10 == 0

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


async def _many(provider: Provider) -> list[Figure]:
    """Streams at a model's usual speed; the time beyond the ideal is what they wait for one another."""
    ideal = (TOKENS - 1) / RATE
    async with _opened(provider) as gateway:
        await _first_through(gateway)
        before, began = time.process_time(), time.perf_counter()
        taken = await asyncio.gather(*(_stream(gateway, TOKENS, RATE) for _ in range(STREAMS)))
        wall, cpu = time.perf_counter() - began, time.process_time() - before
    tokens = STREAMS * TOKENS
    late = [(last - ideal) * 1000 for _, last in taken]
    condition = f"{TOKENS} tokens at {RATE:.0f}/s each"
    return [
        Figure(f"{STREAMS} streams at once: first token", spread([first * 1000 for first, _ in taken]), "", condition),
        Figure(f"{STREAMS} streams at once: last token late by", spread(late), "", condition),
        Figure(f"{STREAMS} streams at once: processor", f"{100 * cpu / wall:.0f} % of a core", "≤ 100 %",
               f"{1e6 * cpu / tokens:.0f} us a token"),
    ]  # fmt: skip


async def _turns(provider: Provider) -> list[Figure]:
    """The same with a limit: what taking turns costs, and that everybody gets one."""
    async with open_session() as session:
        account = Account("bench", "Bench", Limits(parallel=SLOTS))
        direct = DirectProvider(Endpoint("openai", provider.url, "bench"), session)
        route = Route(Model(MODEL, MODEL, "openai"), direct, MODEL, account=account)
        router = Router(Patience(60, 60, 240))
        began = time.perf_counter()
        await asyncio.gather(
            *(_drain(router, route, person % 40, "[[tokens=10 rate=50]]") for person in range(STREAMS))
        )
        wall = time.perf_counter() - began
    ideal = STREAMS / SLOTS * 9 / 50
    return [
        Figure(f"{STREAMS} questions of 40 people in {SLOTS} places", f"{wall:.2f} s", "", f"{ideal:.2f} s at best")
    ]


async def _drain(router: Router, route: Route, person: int, question: str) -> None:
    async with aclosing(router.stream([route], _question(question), person)) as events:
        async for _ in events:
            pass


async def _stream(gateway: Gateway, tokens: int, rate: float) -> tuple[float, float]:
    """Seconds until the first piece, and from there to the end."""
    began = time.perf_counter()
    async with aclosing(gateway.stream(ANONYMOUS, _question(f"[[tokens={tokens} rate={rate}]]"))) as events:
        pieces = [time.perf_counter() async for event in events if isinstance(event, TextPiece)]
    return pieces[0] - began, pieces[-1] - pieces[0]


def _question(text: str) -> CompletionRequest:
    return CompletionRequest(MODEL, (ChatMessage("user", text),), question=text)
