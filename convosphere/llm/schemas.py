"""What goes to a model and what comes back, independent of who runs it."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from convosphere.core.i18n import Message
from convosphere.llm.images import ImagePart

Role = Literal["system", "user", "assistant"]
EmbeddingKind = Literal["query", "passage"]
Purpose = Literal["chat", "title", "follow_ups", "rewriting", "checking", "embedding", "rerank", "speech",
                  "describing", "image"]  # fmt: skip
"""What models are wanted for; each has a default of its own."""
Capability = Literal["vision", "tools", "thinking", "json"]
Effort = Literal["low", "medium", "high"]
Unit = Literal["minute", "picture"]
CURRENCY = "USD"
"""Where nothing is known of a price; that of the price list."""
LOCAL = "onnx"  # What runs models in this process.


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a document that may answer; `number` is its citation, `score` the search's, higher is better.

    `matched_words` are words of `text`, as written there, that the search took for words of the question: the same
    ones, corrected ones, parts of compounds. `seconds` is when it is said, in a recording.
    """

    number: int
    document_name: str
    page: int | None
    text: str
    language: str
    score: float
    matched_words: tuple[str, ...] = ()
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of the prompt; `is_lasting` says that later prompts will begin the same up to its end."""

    role: Role
    text: str
    is_lasting: bool = False
    images: tuple[ImagePart, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameters:
    """How an answer is to be written, after how much `thinking`; what is None or empty is left to the provider."""

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    thinking: Effort | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None

    def known_to(self, model: "Model") -> "Parameters":
        """Only those that a model takes: others would be refused by its provider."""
        unknown = {name: getattr(NO_PARAMETERS, name) for name in self.__slots__ if name not in model.parameters}
        return replace(self, **unknown)


NO_PARAMETERS = Parameters()
EVERY_PARAMETER: frozenset[str] = frozenset(Parameters.__slots__)


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """One reply that is wanted.

    `messages` is the whole prompt as a model gets it. `question` and `passages` are the same as structured data, for
    the Reader, which never reads a prompt. An empty `model` means the default one of the `purpose`. Of `parameters`
    each model gets those that it knows. `stand_in` is the model that answers first where the wanted one fails, before
    those that may in any case; with `no_dearer` nobody may who costs more than the wanted one. `models_connected`,
    which the gateway fills in, says to the Reader whether there are others.
    """

    model: str
    messages: tuple[ChatMessage, ...]
    question: str = ""
    passages: tuple[Passage, ...] = ()
    locale: str = "en"
    parameters: Parameters = NO_PARAMETERS
    purpose: Purpose = "chat"
    stand_in: str = ""
    no_dearer: bool = False
    models_connected: bool = False


@dataclass(frozen=True, slots=True)
class Price:
    """Billionths of the currency for a million tokens. `long_…` hold for prompts of more than 200,000 tokens."""

    input_nanos: int
    output_nanos: int
    cached_nanos: int | None = None  # Of prompt tokens that the provider remembered; None means the usual price.
    long_input_nanos: int | None = None
    long_output_nanos: int | None = None
    currency: str = "USD"
    written_nanos: int | None = None  # Of prompt tokens that it remembers from now on.


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """Billionths of the currency for a minute of sound, or for a picture."""

    nanos: int
    unit: Unit
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Model:
    """A model that people can choose.

    `context_tokens` is how much it reads and `output_tokens` how much it writes at most, None if unknown. Without a
    `price` nobody knows what it costs, which is not the same as nothing. `parameters` are those that it knows.
    `unit_price` is that of models that are not paid by tokens: those that write down what is said or make pictures.
    """

    id: str
    name: str
    provider: str
    is_reader: bool = False
    context_tokens: int | None = None
    output_tokens: int | None = None
    capabilities: frozenset[Capability] = frozenset()
    icon: str = ""
    price: Price | None = None
    parameters: frozenset[str] = EVERY_PARAMETER - {"thinking"}
    unit_price: UnitPrice | None = None

    def may_cost_more_than(self, other: "Model") -> bool:
        """Whether it has a price, and one that another, whose price may be unknown, does not reach."""
        mine, its = self.price, other.price
        if mine is None:
            return False
        if its is None:
            return bool(mine.input_nanos or mine.output_nanos)
        is_less = mine.input_nanos <= its.input_nanos and mine.output_nanos <= its.output_nanos
        return not (is_less and mine.currency == its.currency)


@dataclass(frozen=True, slots=True)
class Usage:
    """What one call used. `cost_nanos` are billionths of the currency, None if the price or the use is unknown.

    Cached and written tokens are among the prompt's, thinking ones among the completion's. `estimated` says that the
    provider gave no numbers and the tokens are `tokens.estimate_tokens`.
    """

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0
    thinking_tokens: int = 0
    estimated: bool = False
    cost_nanos: int | None = None
    currency: str = "USD"
    written_tokens: int = 0


@dataclass(frozen=True, slots=True)
class ModelChosen:
    """This model is asked now; it comes again when a fallback takes over, always before the first text.

    `instead_of` is the one that was asked for, if that is another, and `note` says so to people with the reason.
    """

    model: Model
    instead_of: Model | None = None
    note: Message | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """It is not this question's turn yet; `place` 1 is the next, and 0 says that the turn has come."""

    model: Model
    place: int


@dataclass(frozen=True, slots=True)
class ThinkingPiece:
    """A piece of the model's reasoning, which is not part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class TextPiece:
    """The next piece of the answer: all that came since the one before was taken."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer is whole; `finish_reason` is the provider's word: stop, length … after so many `attempts`."""

    usage: Usage
    finish_reason: str
    attempts: int = 1


StreamEvent = ModelChosen | Waiting | ThinkingPiece | TextPiece | Finished


@dataclass(frozen=True, slots=True)
class Completion:
    """A short answer as a whole."""

    text: str
    model: Model
    usage: Usage
    finish_reason: str


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """What makes vectors; `id` is part of a vector set's identity, and so is the dimension.

    By `source` it can be reached again after another one was chosen. Only a local model costs nobody anything.
    """

    id: str
    provider: str
    dimension: int | None = None
    source: str = ""
    price: Price | None = None

    @property
    def is_local(self) -> bool:
        return self.provider == LOCAL


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model as a provider lists it, by the name that it wants to be called with."""

    name: str
    context_tokens: int | None = None
    created: int = 0


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors in the order of their texts."""

    vectors: list[list[float]] = field(repr=False)
    prompt_tokens: int | None = None


class ChatProvider(Protocol):
    """Somebody who answers; `label` is the model's name in errors."""

    def stream(self, name: str, label: str, request: CompletionRequest) -> AsyncGenerator[StreamEvent, None]:
        """The answer's pieces and at last `Finished`; closing it closes the connection.

        Whoever takes them slowly gets fewer and longer ones, and never lags behind.

        Raises:
            ProviderError: see `errors`.
        """
        ...


class EmbeddingProvider(Protocol):
    """Somebody who makes vectors."""

    async def embed(self, name: str, texts: Sequence[str]) -> Embedded:
        """A vector for each text.

        Raises:
            ProviderError: see `errors`.
        """
        ...


class Provider(ChatProvider, EmbeddingProvider, Protocol):
    """Somebody who runs models for others."""

    async def list_models(self) -> tuple[ListedModel, ...]:
        """The models that can be asked here.

        Raises:
            ProviderError: see `errors`.
        """
        ...
