"""From a file to answers: how soon documents can be searched, and how fast questions are."""

import asyncio
import io
import itertools
import multiprocessing
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event

import aiohttp
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import func, select

from bench.figures import Figure, spread
from bench.people import Person, database_of, owner_of
from bench.product import BenchError, Product, founded_product
from convosphere.core.database import open_database
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.models import Document, DocumentStatus
from convosphere.knowledge.search.service import search_passages
from convosphere.launch.postgres import addresses_of

FILES = 1_000
FILE_CHARACTERS = 4000
PAGES = 50
UPLOADS_AT_ONCE = 6
QUESTIONS = 200
WARMING = 5
START_SECONDS = 60
PATIENCE_SECONDS = 300
LOOK_SECONDS = 0.2


def measure() -> Iterator[Figure]:
    """Upload as the page does, wait until all is ready, ask."""
    with founded_product(None) as product:
        yield from asyncio.run(_measure(product))


async def _measure(product: Product) -> list[Figure]:
    chance = random.Random(11)
    words = make_vocabulary(chance)
    async with database_of(product), aiohttp.ClientSession() as http:
        owner = await owner_of(product)
        await take_in(product, http, owner, {"first.md": make_markdown(chance, words).encode()})
        files = {f"note-{number}.md": make_markdown(chance, words).encode() for number in range(FILES)}
        questions = _questions(chance, words, QUESTIONS + WARMING)
        with _asking(addresses_of(product.data).app_url, owner, questions) as meanwhile:
            sent, ready = await take_in(product, http, owner, files)
        _, pdf_ready = await take_in(product, http, owner, {"report.pdf": _pdf(chance, words)})
        times = [await _ask(owner, question) for question in questions][WARMING:]
    return [
        Figure(f"{FILES} Markdown files searchable", f"{ready:.1f} s", "≤ 40 s", f"4 kB each; sent after {sent:.1f} s"),
        Figure(f"{PAGES}-page PDF searchable", f"{pdf_ready:.1f} s", "≤ 2 s", "text only, alone"),
        Figure("query", spread(times), "p50 ≤ 15 ms", f"by the service, in these {FILES + 2} documents"),
        Figure("query while files are read", spread(meanwhile), "≤ 2 × idle", f"{len(meanwhile)}, two a second"),
    ]


@dataclass(frozen=True)
class _Asking:
    """What the process that asks tells and is told."""

    is_ready: Event
    is_over: Event
    times: "Queue[list[float]]"


@contextmanager
def _asking(url: str, owner: Person, questions: Sequence[str]) -> Iterator[list[float]]:
    """Ask now and then, as one person does, from a process that does nothing else; the times come at the end."""
    spawn = multiprocessing.get_context("spawn")
    asking = _Asking(spawn.Event(), spawn.Event(), spawn.Queue())
    process = spawn.Process(target=_ask_until_over, args=(url, owner, questions, asking), daemon=True)
    process.start()
    times: list[float] = []
    if not asking.is_ready.wait(START_SECONDS):
        raise BenchError("Nobody asks.")
    try:
        yield times
    finally:
        asking.is_over.set()
        times += asking.times.get(timeout=START_SECONDS)
        process.join()


def _ask_until_over(url: str, owner: Person, questions: Sequence[str], asking: _Asking) -> None:
    asking.times.put(asyncio.run(_ask_now_and_then(url, owner, questions, asking)))


async def _ask_now_and_then(url: str, owner: Person, questions: Sequence[str], asking: _Asking) -> list[float]:
    async with open_database(url):
        for question in questions[:WARMING]:
            await _ask(owner, question)
        asking.is_ready.set()
        times: list[float] = []
        for question in itertools.cycle(questions):
            if asking.is_over.is_set():
                break
            times.append(await _ask(owner, question))
            await asyncio.sleep(0.5)
    return times


async def take_in(
    product: Product, http: aiohttp.ClientSession, owner: Person, files: dict[str, bytes]
) -> tuple[float, float]:
    """Seconds until all files are sent, and until all documents there are can be searched."""
    before = await _count_ready(owner)
    began = time.monotonic()
    limit = asyncio.Semaphore(UPLOADS_AT_ONCE)
    await asyncio.gather(*(_upload(product, http, limit, name, content) for name, content in files.items()))
    sent = time.monotonic() - began
    while await _count_ready(owner) < before + len(files):
        if time.monotonic() - began > PATIENCE_SECONDS:
            raise BenchError(f"Only {await _count_ready(owner) - before} of {len(files)} documents became ready.")
        await asyncio.sleep(LOOK_SECONDS)
    return sent, time.monotonic() - began


async def _upload(
    product: Product, http: aiohttp.ClientSession, limit: asyncio.Semaphore, name: str, content: bytes
) -> None:
    headers = {
        **product.origin, "Cookie": product.owner_cookie, "X-Requested-With": "convosphere", "X-File-Name": name,
        "X-Share": "everyone",
    }  # fmt: skip
    async with limit, http.post(f"{product.address}/api/files", data=content, headers=headers) as answer:
        if answer.status != 201:
            raise BenchError(f"{name} was not taken: {await answer.text()}")


async def _count_ready(owner: Person) -> int:
    async with unit_of_work(owner.actor) as uow:
        statement = select(func.count()).select_from(Document).where(Document.status == DocumentStatus.READY)  # pyright: ignore
        return (await uow.session.execute(statement)).scalar_one()


async def _ask(owner: Person, question: str) -> float:
    began = time.perf_counter()
    await search_passages(owner.actor, question, limit=10)
    return (time.perf_counter() - began) * 1000


def make_vocabulary(chance: random.Random) -> list[str]:
    """8,000 words that nobody knows."""
    syllables = "ba be da do fa fi ga go ka ke la lo ma mi na no pa pe ra ro sa so ta ti va vo wa we".split()
    return ["".join(chance.choices(syllables, k=chance.choice((2, 3, 3, 4)))) for _ in range(8000)]


def _prose(chance: random.Random, words: Sequence[str], characters: int) -> str:
    text = ""
    while len(text) < characters:
        sentence = [words[int(len(words) * chance.random() ** 3)] for _ in range(chance.randint(8, 18))]
        text += " ".join(sentence).capitalize() + ". "
    return text


def make_markdown(chance: random.Random, words: Sequence[str]) -> str:
    """A text with headings, of which some words are common and most are rare."""
    parts = [f"# {chance.choice(words).title()}"]
    while len("\n\n".join(parts)) < FILE_CHARACTERS:
        parts += [f"## {chance.choice(words).title()}", _prose(chance, words, 700)]
    return "\n\n".join(parts)[:FILE_CHARACTERS]


def _pdf(chance: random.Random, words: Sequence[str]) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    for _ in range(PAGES):
        text = canvas.beginText(60, 780)
        prose = _prose(chance, words, 2600)
        for start in range(0, len(prose), 85):
            text.textLine(prose[start : start + 85])
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _questions(chance: random.Random, words: Sequence[str], count: int) -> list[str]:
    return [
        " ".join(words[int(len(words) * chance.random() ** 3)] for _ in range(chance.randint(2, 8)))
        for _ in range(count)
    ]
