"""A local embedding model: a directory with `tokenizer.json` and `model.onnx`, as hubs publish them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from convosphere.core.errors import ConfigurationError
from convosphere.llm.lazy_loader import load_module
from convosphere.llm.schemas import Embedded

MOST_TOKENS = 512
_MODEL_FILES = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")


@dataclass(frozen=True)
class OnnxModel:
    """A loaded model; `tokenizer` and `session` are the libraries' own objects, which have no types of use.

    `numpy` is the library, which takes 10 MB that a process without a local model does not need.
    """

    numpy: Any
    tokenizer: Any
    session: Any
    inputs: tuple[str, ...]
    dimension: int | None

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """The mean of each text's token vectors, or the model's own sentence vector where it gives one."""
        np = self.numpy
        encoded = self.tokenizer.encode_batch(list(texts))
        mask = np.array([item.attention_mask for item in encoded], dtype=np.int64)
        given = {
            "input_ids": np.array([item.ids for item in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        output = self.session.run(None, {name: given[name] for name in self.inputs})[0]
        if output.ndim == 3:
            weights = mask[:, :, None].astype(output.dtype)
            output = (output * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
        return output.astype(float).tolist()


class OnnxProvider:
    """A local model in a provider's place; it answers only for vectors."""

    def __init__(self, model: OnnxModel) -> None:
        self._model = model
        self._busy = asyncio.Lock()

    async def embed(self, name: str, texts: Sequence[str]) -> Embedded:  # noqa: ARG002  # There is one model only.
        """Vectors, made in a thread; one batch at a time, since one takes all cores."""
        async with self._busy:
            return Embedded(await asyncio.to_thread(self._model.embed, texts))


def load_onnx_model(directory: Path) -> OnnxModel:
    """Load the model of a directory.

    Raises:
        ConfigurationError: a file is missing or cannot be read, or the model wants other inputs than text models do.
    """
    files = [directory / name for name in _MODEL_FILES if (directory / name).is_file()]
    if not files or not (directory / "tokenizer.json").is_file():
        raise ConfigurationError(f"EMBEDDING_MODEL: {directory} must hold tokenizer.json and model.onnx.")
    numpy: Any = load_module("numpy", "EMBEDDING_MODEL")
    runtime: Any = load_module("onnxruntime", "EMBEDDING_MODEL")
    tokenizers: Any = load_module("tokenizers", "EMBEDDING_MODEL")
    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(directory / "tokenizer.json"))
        session = runtime.InferenceSession(str(files[0]), providers=["CPUExecutionProvider"])
    except Exception as error:  # Both libraries raise bare Exceptions of their own.
        raise ConfigurationError(f"EMBEDDING_MODEL: {directory} cannot be loaded: {error}") from error
    tokenizer.enable_truncation(MOST_TOKENS)
    tokenizer.enable_padding()
    inputs = tuple(item.name for item in session.get_inputs())
    if not set(inputs) <= {"input_ids", "attention_mask", "token_type_ids"}:
        raise ConfigurationError(f"EMBEDDING_MODEL: {files[0]} wants {', '.join(inputs)}; it is no text model.")
    last = session.get_outputs()[0].shape[-1]
    return OnnxModel(numpy, tokenizer, session, inputs, last if isinstance(last, int) else None)
