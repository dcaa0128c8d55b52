"""Many conversations at once: how late words come, and what they cost the server."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import accumulate
from multiprocessing import get_context
from typing import Any

import aiohttp

from bench.figures import Figure, percentile, spread
from bench.people import add_people, database_of
from bench.product import BenchError, Product, Provider, cpu_seconds, founded_product, running_provider
from bench.tabs import Answer, Tab, open_tab

SETTLE_SECONDS = 3
GREETINGS_AT_ONCE = 10
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Crowd:
    """So many conversations at once; `rate` in tokens a second, `spread` the seconds over which they begin."""

    conversations: int
    rate: int
    tokens: int
    spread: float

    @property
    def conditions(self) -> str:
        """What it is, in words."""
        begin = f"begun within {self.spread:g} s" if self.spread else "all sent at one instant"
        return f"{self.conversations} people, {self.tokens} tokens at {self.rate}/s each, {begin}"


@dataclass(frozen=True)
class Report:
    """What the tabs of a crowd saw, and the processor time that it took, from the first question to the last answer.

    `token_cpu` is that of a token while all write, in seconds.
    """

    answers: list[Answer]
    seconds: float
    server_cpu: float
    tabs_cpu: float
    token_cpu: float


AIMS = {
    "60 at one instant": (Crowd(60, 50, 500, 0), "p95 ≤ 150 ms", "p95 ≤ 110 ms"),
    "60 one by one": (Crowd(60, 50, 500, 3), "p95 ≤ 150 ms", "p95 ≤ 110 ms"),
    "300 one by one": (Crowd(300, 20, 400, 15), "", "p95 ≤ 250 ms"),
}


def measure() -> Iterator[Figure]:
    """Each crowd on a fresh product, everybody in a conversation that is begun already."""
    for name, (crowd, first_aim, delay_aim) in AIMS.items():
        with running_provider() as provider, founded_product(provider) as product:
            report = _watch(crowd, product, provider)
            firsts, delays = _delays(report.answers, provider.requests(), crowd)
        tokens = crowd.conversations * crowd.tokens
        updates = percentile([len(answer.seen) for answer in report.answers], 0.5)
        cores = f"server {report.server_cpu / report.seconds:.2f}, tabs {report.tabs_cpu / report.seconds:.2f} cores"
        yield Figure(f"{name}: Send → first token", spread(firsts), first_aim, crowd.conditions)
        yield Figure(f"{name}: token delay", spread(delays), delay_aim, f"{updates:.0f} updates an answer; {cores}")
        alone = f"all of serving; {report.token_cpu * 1e6:.0f} µs while all write, wanted ≤ 100"
        yield Figure(f"{name}: CPU per token", f"{report.server_cpu / tokens * 1e6:.0f} µs", "≤ 300 µs", alone)


def _watch(crowd: Crowd, product: Product, provider: Provider) -> Report:
    cookies = asyncio.run(_cookies(product, crowd.conversations))
    server = [process.pid for process in product.processes("application")]
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        pool.submit(drive, product.address, server, cookies[:1], Crowd(1, 50, 20, 0)).result()
        provider.forget()
        return pool.submit(drive, product.address, server, cookies, crowd).result()


async def _cookies(product: Product, count: int) -> list[str]:
    async with database_of(product):
        return [person.cookie for person in await add_people(product, count)]


def drive(address: str, server: Sequence[int], cookies: Sequence[str], crowd: Crowd) -> Report:
    """Open a tab for each person, let all ask, and watch to the end. Runs in a process of its own."""
    return asyncio.run(_drive(address, server, cookies, crowd))


async def _drive(address: str, server: Sequence[int], cookies: Sequence[str], crowd: Crowd) -> Report:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http, AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(open_tab(http, address, cookie)) for cookie in cookies]
        for start in range(0, len(tabs), GREETINGS_AT_ONCE):
            greetings = [tab.ask("[[text=Hello]]") for tab in tabs[start : start + GREETINGS_AT_ONCE]]
            await asyncio.wait_for(asyncio.gather(*greetings), PATIENCE_SECONDS)
        await asyncio.sleep(SETTLE_SECONDS)  # Titles are written then, and all is quiet.
        began, own, served = time.monotonic(), time.process_time(), cpu_seconds(server)
        token_cpu = asyncio.create_task(_while_all_write(crowd, server))
        answers = await asyncio.gather(*(_ask(tab, number, crowd) for number, tab in enumerate(tabs)))
        took, tabs_cpu = time.monotonic() - began, time.process_time() - own
        return Report(answers, took, cpu_seconds(server) - served, tabs_cpu, await token_cpu)


async def _while_all_write(crowd: Crowd, server: Sequence[int]) -> float:
    """Processor time of a token between the last beginning and the first end."""
    await asyncio.sleep(crowd.spread + 1)
    began, served = time.monotonic(), cpu_seconds(server)
    await asyncio.sleep(max(0.1, crowd.tokens / crowd.rate - crowd.spread - 2))
    tokens = (time.monotonic() - began) * crowd.rate * crowd.conversations
    return (cpu_seconds(server) - served) / tokens


async def _ask(tab: Tab, number: int, crowd: Crowd) -> Answer:
    await asyncio.sleep(number * crowd.spread / crowd.conversations)
    patience = PATIENCE_SECONDS + 3 * crowd.tokens / crowd.rate
    return await asyncio.wait_for(tab.ask(_question(number, crowd)), patience)


def _question(number: int, crowd: Crowd) -> str:
    return f"Question {number} [[tokens={crowd.tokens} rate={crowd.rate}]]"


def _delays(
    answers: Sequence[Answer], requests: Sequence[dict[str, Any]], crowd: Crowd
) -> tuple[list[float], list[float]]:
    """Milliseconds from Send to each answer's first words, and from each token's leaving to its arrival."""
    sent = {_last_line(request): request["sent"] for request in requests if request["body"].get("stream")}
    firsts: list[float] = []
    delays: list[float] = []
    for number, answer in enumerate(answers):
        if answer.status != "done" or not answer.seen:
            raise BenchError(f"An answer ended as {answer.status}.")
        firsts.append((answer.seen[0][0] - answer.asked_at) * 1000)
        question = _question(number, crowd)
        if question not in sent:
            raise BenchError(f"The provider was never asked “{question}”, but {list(sent)[:3]} and so on.")
        delays += token_delays(answer, sent[question])
    return firsts, delays


def token_delays(answer: Answer, left: Sequence[float]) -> list[float]:
    """Milliseconds that each word of an answer took from the provider to the tab."""
    delays: list[float] = []
    seen = iter(answer.seen)
    now, count = next(seen)
    for end, time_left in zip(accumulate(len(word) + 1 for word in answer.text.split()), left, strict=True):
        while count < min(end, len(answer.text)):
            now, count = next(seen)
        delays.append((now - time_left) * 1000)
    return delays


def _last_line(request: dict[str, Any]) -> str:
    """What was asked; above it stand passages, or that there are none."""
    return request["body"]["messages"][-1]["content"].rpartition("\n")[2]
