"""How well and how fast passages are found, measured through the product's own code.

    python bench/retrieval.py                      the small German and English sets in bench/data
    python bench/retrieval.py --data DIR           a collection in BEIR's layout: corpus.jsonl, queries.jsonl,
                                                   qrels/test.tsv, and absent.jsonl with questions it cannot answer
    python bench/retrieval.py --passages 10000     the time of questions in so many generated passages

Quality: nDCG@10 and recall@10 over graded judgements (gain as judged), MRR of the first relevant one within 10; silent
are the questions that find nothing. Times are those of `search_passages`, one question at a time or `AT_ONCE`.
"""

import argparse
import asyncio
import json
import math
import os
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from uuid import UUID

from convosphere.core.database import open_database
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files.models import StoredFile
from convosphere.identity.models import Account, Workspace
from convosphere.knowledge.models import Document, DocumentStatus, DocumentVersion
from convosphere.knowledge.parsing.languages import document_language
from convosphere.knowledge.parsing.schemas import ParsedPassage
from convosphere.knowledge.search.entries import make_entry
from convosphere.knowledge.search.index import create_set, hold_sets, index_version
from convosphere.knowledge.search.service import search_passages
from convosphere.launch.migrations import migrate
from convosphere.launch.postgres import embedded_postgres

SETS = Path(__file__).parent / "data"
DEPTH = 10
DOCUMENTS_AT_ONCE = 50
PASSAGES_OF_GENERATED = 20
WORDS_OF_GENERATED = 120
VOCABULARY = 60_000
QUESTIONS = 200
AT_ONCE = 8
NO_FILE = "0" * 64


@dataclass(frozen=True)
class Bench:
    """Somebody with a workspace of their own to fill and ask."""

    actor: Actor

    async def add(self, documents: Iterable[tuple[str, Sequence[ParsedPassage]]]) -> dict[UUID, str]:
        """Store and index documents; their ids with the names given."""
        names: dict[UUID, str] = {}
        remaining = iter(documents)
        while batch := list(islice(remaining, DOCUMENTS_AT_ONCE)):
            for name, passages in batch:
                names[await self._add_one(name, passages)] = name
        return names

    async def _add_one(self, name: str, passages: Sequence[ParsedPassage]) -> UUID:
        async with unit_of_work(self.actor) as uow:
            document = Document(
                workspace_id=uow.workspace_id, owner_id=uow.account_id, name=name, status=DocumentStatus.READY,
                current_version_id=new_id(),
            )  # fmt: skip
            uow.session.add(document)
            await uow.session.flush()
            uow.session.add(
                DocumentVersion(
                    id=document.current_version_id, workspace_id=uow.workspace_id, document_id=document.id,
                    sha256=NO_FILE, size=0, file_name=name, media_type="text/plain", properties={},
                    origins={}, warnings=[],
                )
            )  # fmt: skip
            await uow.session.flush()
            await index_version(uow, await hold_sets(uow), document.current_version_id, document.id, passages)
        return document.id


@asynccontextmanager
async def new_bench() -> AsyncIterator[Bench]:
    """A workspace with one person in the open database."""
    workspace = system_actor(new_id())
    account = Account(email=f"{new_id()}@example.org", name="Bench", password_hash="!", locale="en")
    async with unit_of_work(workspace) as uow:
        uow.session.add(Workspace(id=uow.workspace_id, name="Bench"))
        uow.session.add(account)
        await uow.session.flush()
        uow.session.add(StoredFile(workspace_id=uow.workspace_id, sha256=NO_FILE, size=0))
    yield Bench(Actor(account.id, workspace.workspace_id, frozenset(Permission), role="owner"))


async def measure_quality(directory: Path) -> None:
    """Index a collection, ask its questions, print the figures."""
    corpus = [
        (entry["_id"], f"{entry.get('title', '')}\n{entry['text']}".strip())
        for entry in read_lines(directory / "corpus.jsonl")
    ]
    judgements = read_judgements(directory / "qrels" / "test.tsv")
    questions = [(entry["_id"], entry["text"]) for entry in read_lines(directory / "queries.jsonl")]
    questions = [(key, text) for key, text in questions if judgements.get(key)]
    async with new_bench() as bench:
        start = time.perf_counter()
        passages = [(name, [passage_of(1, text)]) for name, text in corpus]
        async with unit_of_work(bench.actor) as uow:
            # These texts are not cut as the product would; it would fix their average length for their set.
            await create_set(uow, statistics.fmean(make_entry(passage, 1).length for _, (passage,) in passages))
        names = await bench.add(passages)
        indexing = time.perf_counter() - start
        results, times = await ask_all(bench, names, [text for _, text in questions])
        figures = [figures_of(found, judgements[key]) for (key, _), found in zip(questions, results, strict=True)]
        ndcg, recall, reciprocal = (statistics.fmean(column) for column in zip(*figures, strict=True))
        silent = sum(not found for found in results) / len(results)
        print(f"{directory.name}: {len(corpus)} passages, {len(questions)} questions, indexed in {indexing:.1f} s")
        print(f"  nDCG@10 {ndcg:.4f}   recall@10 {recall:.4f}   MRR {reciprocal:.4f}   silent {silent:.1%}")
        print(f"  {describe(times)}")
        absent = directory / "absent.jsonl"
        if absent.exists():
            without, _ = await ask_all(bench, names, [entry["text"] for entry in read_lines(absent)])
            silent = sum(not found for found in without) / len(without)
            print(f"  {len(without)} questions without an answer: silent {silent:.1%}")


async def measure_time(passages: int) -> None:
    """Index generated passages, ask kinds of questions, print the times."""
    chance = random.Random(7)
    words = make_vocabulary(chance)
    cumulative = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    async with new_bench() as bench:
        start = time.perf_counter()
        await bench.add(
            (f"Document {number}", list(generate(chance, words, cumulative)))
            for number in range(passages // PASSAGES_OF_GENERATED)
        )
        print(f"{passages} passages of {WORDS_OF_GENERATED} words indexed in {time.perf_counter() - start:.1f} s")
        every: list[float] = []
        kinds = question_kinds(chance, words, cumulative)
        for kind, questions in kinds.items():
            _, times = await ask_all(bench, {}, questions)
            every += times
            print(f"  {kind:<24}{describe(times)}")
        print(f"  {'all':<24}{describe(every)}")
        times = await ask_at_once(bench, [question for questions in kinds.values() for question in questions])
        print(f"  {f'all, {AT_ONCE} at once':<24}{describe(times)}")


async def ask_all(
    bench: Bench, names: dict[UUID, str], questions: Sequence[str]
) -> tuple[list[list[str]], list[float]]:
    """What each question finds, and the milliseconds it took. One question goes before, to open the connection."""
    await search_passages(bench.actor, questions[0], limit=DEPTH)
    results: list[list[str]] = []
    times: list[float] = []
    for question in questions:
        start = time.perf_counter()
        found = await search_passages(bench.actor, question, limit=DEPTH)
        times.append((time.perf_counter() - start) * 1000)
        results.append([names.get(passage.document_id, "") for passage in found])
    return results, times


async def ask_at_once(bench: Bench, questions: Sequence[str]) -> list[float]:
    """The milliseconds that each question takes while always `AT_ONCE` are asked."""
    waiting = iter(questions)
    times: list[float] = []

    async def ask() -> None:
        for question in waiting:
            start = time.perf_counter()
            await search_passages(bench.actor, question, limit=DEPTH)
            times.append((time.perf_counter() - start) * 1000)

    await asyncio.gather(*(ask() for _ in range(AT_ONCE)))
    return times


def figures_of(found: Sequence[str], judged: dict[str, int]) -> tuple[float, float, float]:
    """nDCG@10, recall@10 and reciprocal rank of one question."""
    ideal = sorted(judged.values(), reverse=True)[:DEPTH]
    gain = discounted([judged.get(name, 0) for name in found]) / discounted(ideal)
    recall = sum(name in judged for name in found) / len(judged)
    first = next((place for place, name in enumerate(found, 1) if name in judged), None)
    return gain, recall, 1 / first if first else 0.0


def discounted(gains: Iterable[int]) -> float:
    """Discounted cumulative gain (Järvelin and Kekäläinen, 2002)."""
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))


def question_kinds(chance: random.Random, words: Sequence[str], cumulative: Sequence[float]) -> dict[str, list[str]]:
    """Questions of several kinds, each of some words."""

    def from_ranks(first: int, last: int, count: int) -> list[str]:
        return [" ".join(chance.sample(words[first:last], count)) for _ in range(QUESTIONS // 4)]

    as_texts = [
        " ".join(chance.choices(words, cum_weights=cumulative, k=chance.randint(3, 12))) for _ in range(QUESTIONS)
    ]
    return {
        "as texts are": as_texts,
        "rare words": from_ranks(2_000, 20_000, 3),
        "middling words": from_ranks(100, 2_000, 4),
        "common words only": from_ranks(0, 40, 4),
        "one common word": from_ranks(0, 40, 1),
        "a misspelt word": [question[:3] + "x" + question[4:] for question in from_ranks(500, 20_000, 2)],
    }


def make_vocabulary(chance: random.Random) -> list[str]:
    """Words that nobody knows, of one to four syllables, the most frequent first by Zipf's law."""
    onsets = "b d f g h k l m n p r s t w z sch st br kl".split()
    vowels = "a e i o u ä ö ü ei au".split()
    endings = ["", "n", "r", "s", "t", "ng", "ck"]
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        syllables = (chance.choice(onsets) + chance.choice(vowels) for _ in range(chance.choice((1, 2, 2, 3, 3, 4))))
        found["".join(syllables) + chance.choice(endings)] = None
    return list(found)


def generate(chance: random.Random, words: Sequence[str], cumulative: Sequence[float]) -> Iterator[ParsedPassage]:
    """The passages of one document."""
    for number in range(1, PASSAGES_OF_GENERATED + 1):
        text = " ".join(chance.choices(words, cum_weights=cumulative, k=WORDS_OF_GENERATED))
        yield ParsedPassage(number, text, 0, len(text), None, "", "de")


def passage_of(number: int, text: str) -> ParsedPassage:
    """A text as one passage, in its language."""
    return ParsedPassage(number, text, 0, len(text), None, "", document_language(text))


def read_lines(path: Path) -> list[dict[str, str]]:
    """The records of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def read_judgements(path: Path) -> dict[str, dict[str, int]]:
    """Relevant entries of each question with their degree."""
    judged: dict[str, dict[str, int]] = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        question, entry, degree = line.split("\t")
        if int(degree) > 0:
            judged[question][entry] = int(degree)
    return judged


def describe(times: Sequence[float]) -> str:
    """Middle and 95th percentile in milliseconds."""
    ordered = sorted(times)
    late = ordered[int(len(ordered) * 0.95)]
    return f"p50 {statistics.median(ordered):.1f} ms   p95 {late:.1f} ms   ({len(ordered)} questions)"


async def run(arguments: argparse.Namespace, database_url: str) -> None:
    """Measure what was asked for."""
    async with open_database(database_url):
        if arguments.passages:
            await measure_time(arguments.passages)
            return
        for directory in [arguments.data] if arguments.data else sorted(SETS.iterdir()):
            await measure_quality(directory)


def main() -> None:
    """Run on an embedded server of its own, made for this and thrown away."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a collection in BEIR's layout")
    parser.add_argument("--passages", type=int, default=0, help="generate so many and measure times")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory, embedded_postgres(Path(directory)) as addresses:
        migrate(addresses.owner_url)
        asyncio.run(run(arguments, addresses.app_url))
    print(f"load of this machine: {' '.join(f'{load:.1f}' for load in os.getloadavg())}, {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
