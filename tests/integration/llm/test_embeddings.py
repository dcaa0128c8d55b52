"""Vectors from a provider and from a local model."""

import math
from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from convosphere.core.errors import ConfigurationError
from convosphere.core.permissions import ANONYMOUS
from convosphere.llm.embeddings.embedder import WorkspaceEmbedder
from convosphere.llm.errors import EmbeddingsUnavailableError, ProviderUnavailableError
from convosphere.llm.gateway import Gateway
from tests.integration.llm.conftest import open_gateway
from tests.integration.llm.tiny_onnx import lookup_model
from tests.provider.fixtures import RunningProvider

WORDS = ["[UNK]", "cat", "dog", "invoice"]
ROWS = [[0.0, 0.0, 0.1], [1.0, 0.1, 0.0], [1.0, 0.2, 0.0], [0.0, 1.0, 0.0]]


def cosine(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


async def embedder_of(gateway: Gateway) -> WorkspaceEmbedder:
    found = await gateway.embedder(ANONYMOUS)
    assert found is not None
    return found


@pytest.fixture
def onnx_directory(tmp_path: Path) -> Path:
    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "model.onnx").write_bytes(lookup_model(ROWS))
    return tmp_path


async def test_without_a_model_there_are_no_vectors() -> None:
    async with open_gateway(openai_api_key="") as gateway:
        assert await gateway.embedder(ANONYMOUS) is None


async def test_a_provider_makes_vectors_in_order_and_in_batches(provider: RunningProvider) -> None:
    texts = [f"text number{place}" for place in range(150)]
    async with open_gateway(openai_base_url=provider.url, embedding_model="openai/test-embed") as gateway:
        vectors = await (await embedder_of(gateway)).embed(texts)
        alone = await (await embedder_of(gateway)).embed([texts[149]])
        model = (await embedder_of(gateway)).embedding_model
        assert (model.id, model.dimension) == ("test-embed", 256)
    assert len(vectors) == 150
    assert vectors[149] == pytest.approx(alone[0])
    assert all(math.isclose(cosine(vector, vector), 1, rel_tol=1e-6) for vector in vectors)
    sizes = [len(record.body["input"]) for record in provider.provider.records if record.path == "/embeddings"]
    assert sizes == [64, 64, 22, 1]


async def test_questions_and_passages_get_the_prefixes_that_the_model_wants(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url, embedding_model="openai/multilingual-e5-small") as gateway:
        await (await embedder_of(gateway)).embed(["a"], "query")
        await (await embedder_of(gateway)).embed(["b"], "passage")
    inputs = [record.body["input"] for record in provider.provider.records if record.path == "/embeddings"]
    assert inputs == [["query: a"], ["passage: b"]]


async def test_a_server_that_is_down_is_asked_three_times(provider: RunningProvider) -> None:
    async with open_gateway(openai_base_url=provider.url, embedding_model="openai/test-embed") as gateway:
        provider.provider.down = True
        with pytest.raises(ProviderUnavailableError):
            await (await embedder_of(gateway)).embed(["text"])
    assert len([record for record in provider.provider.records if record.path == "/embeddings"]) == 3


async def test_a_local_model_makes_vectors(onnx_directory: Path) -> None:
    async with open_gateway(openai_api_key="", embedding_model=f"onnx:{onnx_directory}") as gateway:
        cat, dog, invoice, both = await (await embedder_of(gateway)).embed(["cat", "dog", "invoice", "cat invoice"])
        model = (await embedder_of(gateway)).embedding_model
        assert model.dimension == 3
    assert cosine(cat, dog) > 0.98
    assert cosine(cat, invoice) < 0.2
    assert cosine(both, cat) == pytest.approx(cosine(both, invoice), abs=0.1)
    assert cosine(cat, cat) == pytest.approx(1), "shorter texts are padded, which must not count"


@pytest.mark.parametrize("broken", ["missing", "tokenizer", "model"])
async def test_a_local_model_that_cannot_be_loaded_stops_the_start(onnx_directory: Path, broken: str) -> None:
    if broken == "missing":
        (onnx_directory / "model.onnx").unlink()
    else:
        name = "tokenizer.json" if broken == "tokenizer" else "model.onnx"
        (onnx_directory / name).write_bytes(b"nothing of use")
    with pytest.raises(ConfigurationError, match="EMBEDDING_MODEL"):
        async with open_gateway(openai_api_key="", embedding_model=f"onnx:{onnx_directory}"):
            pass


async def test_models_that_the_settings_named_before_stay_in_reach(
    provider: RunningProvider, onnx_directory: Path
) -> None:
    async with open_gateway(openai_base_url=provider.url, embedding_model="openai/test-embed") as gateway:
        assert len((await (await embedder_of(gateway)).embed(["cat"], "query", "openai/another"))[0]) == 256
        assert len((await (await embedder_of(gateway)).embed(["cat"], "query", f"onnx:{onnx_directory}"))[0]) == 3
        model = (await embedder_of(gateway)).embedding_model
        assert model.id == "test-embed"
        for source in ("gemini/without-a-key", f"onnx:{onnx_directory}-gone"):
            with pytest.raises(EmbeddingsUnavailableError):
                await (await embedder_of(gateway)).embed(["cat"], "query", source)
    models = [record.model for record in provider.provider.records if record.path == "/embeddings"]
    assert models == ["another"]
