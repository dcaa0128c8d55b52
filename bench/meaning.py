"""How well search by meaning and by words go together, measured through the product's own code.

    python -m bench.meaning                 the small German and English sets in bench/data
    python -m bench.meaning --data DIR      a collection in BEIR's layout, as for bench.retrieval

Every second question is for development: the constants of `knowledge/search/fusion.py` and `trust.py` were chosen with
those of bench/data and Cranfield. The others are the test. Besides three models that need no download the one that
EMBEDDING_MODEL names is measured, if it is set.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from bench.embedders import Chance, Hashed, Latent
from bench.retrieval import (
    DEPTH,
    SETS,
    Bench,
    ask_all,
    figures_of,
    new_bench,
    passage_of,
    read_judgements,
    read_lines,
)
from convosphere.core.database import open_database
from convosphere.core.permissions import system_actor
from convosphere.core.settings import load_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.models import DocumentVersion
from convosphere.knowledge.search.embedding import Embedders, current_embedder, embed_question, embedding_with
from convosphere.knowledge.search.entries import make_entry
from convosphere.knowledge.search.filling import embed_passages
from convosphere.knowledge.search.index import create_set
from convosphere.knowledge.search.models import VectorSet
from convosphere.knowledge.search.queries import make_scope
from convosphere.knowledge.search.terms import index_language
from convosphere.knowledge.search.vectors import list_nearest, served_vector_set
from convosphere.launch.migrations import migrate
from convosphere.launch.postgres import embedded_postgres
from convosphere.llm.gateway import Gateway


@dataclass(frozen=True)
class Collection:
    """Texts, questions with what is relevant to each, and questions without an answer."""

    corpus: list[tuple[str, str]]
    questions: list[tuple[str, dict[str, int]]]
    absent: list[str]


def read_collection(directory: Path) -> Collection:
    """A directory in BEIR's layout."""
    judgements = read_judgements(directory / "qrels" / "test.tsv")
    absent = directory / "absent.jsonl"
    return Collection(
        [
            (entry["_id"], f"{entry.get('title', '')}\n{entry['text']}".strip())
            for entry in read_lines(directory / "corpus.jsonl")
        ],
        [
            (entry["text"], judgements[entry["_id"]])
            for entry in read_lines(directory / "queries.jsonl")
            if judgements.get(entry["_id"])
        ],
        [entry["text"] for entry in read_lines(absent)] if absent.exists() else [],
    )


async def measure(directory: Path, connected: Embedders | None) -> None:
    """Index a collection, give it the vectors of one model after the other, ask, print the figures."""
    collection = read_collection(directory)
    passages = [(name, [passage_of(1, text)]) for name, text in collection.corpus]
    language = index_language(passages[0][1][0].language)
    models: list[Embedders] = [
        Latent([text for _, text in collection.corpus], language), Hashed(384), Hashed(64), Chance()
    ]  # fmt: skip
    async with new_bench() as bench:
        async with unit_of_work(bench.actor) as uow:
            await create_set(uow, statistics.fmean(make_entry(passage, 1).length for _, (passage,) in passages))
        names = await bench.add(passages)
        print(f"{directory.name}: {len(passages)} passages, {len(collection.questions)} questions")
        print(f"  {'':<28}development                      test")
        await print_found(bench, names, collection, "words")
        for model in [*models, *([connected] if connected else [])]:
            await measure_model(bench, names, collection, model)


async def measure_model(bench: Bench, names: dict[UUID, str], collection: Collection, model: Embedders) -> None:
    """One model, alone and with words."""
    with embedding_with(model):
        await embed_passages(system_actor(bench.actor.workspace_id or UUID(int=0)))
        async with unit_of_work(bench.actor) as uow:
            served = await served_vector_set(uow)
        if served is None:
            return
        print(f"  {served.model}: trust {served.trust:.2f}, answers from a likeness of {served.least_likeness:.2f} on")
        alone = [await nearest(bench, names, served, text) for text, _ in collection.questions]
        print(f"    {'meaning':<26}{halves(ndcg_of(collection, alone))}")
        await print_found(bench, names, collection, "  words and meaning")


async def nearest(bench: Bench, names: dict[UUID, str], served: VectorSet, question: str) -> list[str]:
    """What vectors alone find."""
    embedder = await current_embedder(bench.actor)
    if embedder is None:
        return []
    (values,) = await embed_question(bench.actor, embedder, question, served.source, served.dimension) or [[]]
    async with unit_of_work(bench.actor) as uow:
        scope = make_scope(uow, served.passage_set_id, None, None)
        found = await list_nearest(uow, scope, served, values, DEPTH)
        rows = await uow.session.execute(
            select(col(DocumentVersion.id), col(DocumentVersion.document_id)).where(
                col(DocumentVersion.id).in_([version for version, _ in found])
            )
        )
        of_version = {row.id: row.document_id for row in rows}
    return [names[of_version[version]] for version, _ in sorted(found, key=lambda key: -found[key])]


async def print_found(bench: Bench, names: dict[UUID, str], collection: Collection, what: str) -> None:
    """nDCG of the questions, and how many find nothing, which of those without an answer should be all."""
    found, _ = await ask_all(bench, names, [text for text, _ in collection.questions])
    print(f"  {what:<28}{halves(ndcg_of(collection, found))}")
    print(f"    {'silent':<26}{halves([float(not passages) for passages in found])}")
    if collection.absent:
        without, _ = await ask_all(bench, names, collection.absent)
        print(f"    {'silent without an answer':<26}{halves([float(not passages) for passages in without])}")


def ndcg_of(collection: Collection, found: Sequence[Sequence[str]]) -> list[float]:
    """nDCG@10 of each question."""
    pairs = zip(found, collection.questions, strict=True)
    return [figures_of(passages, judged)[0] for passages, (_, judged) in pairs]


def halves(figures: Sequence[float]) -> str:
    """The mean of every second figure, and of the others."""
    return f"{statistics.fmean(figures[0::2]):<33.4f}{statistics.fmean(figures[1::2]):.4f}"


@asynccontextmanager
async def connected_model() -> AsyncIterator[Gateway | None]:
    """The model of the settings."""
    settings = load_settings()
    if not settings.embedding_model:
        yield None
        return
    async with Gateway(settings) as gateway:
        yield gateway


async def run(directories: Sequence[Path], database_url: str) -> None:
    """Measure all collections."""
    async with open_database(database_url), connected_model() as connected:
        for directory in directories:
            await measure(directory, connected)


def main() -> None:
    """Run on an embedded server of its own, made for this and thrown away."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a collection in BEIR's layout")
    arguments = parser.parse_args()
    directories = [arguments.data] if arguments.data else sorted(SETS.iterdir())
    with tempfile.TemporaryDirectory() as directory, embedded_postgres(Path(directory)) as addresses:
        migrate(addresses.owner_url)
        asyncio.run(run(directories, addresses.app_url))
    print(f"load of this machine: {' '.join(f'{load:.1f}' for load in os.getloadavg())}, {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
