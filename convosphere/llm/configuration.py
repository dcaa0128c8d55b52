"""From settings to accounts: which providers there are, and which models the settings name."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from convosphere.core.errors import ConfigurationError
from convosphere.core.settings import Settings
from convosphere.llm.prices import find_facts, is_provider
from convosphere.llm.providers.direct import Endpoint

OPENAI_URL = "https://api.openai.com/v1"
OLLAMA_PORT = 11434
# LiteLLM's name of the provider → the setting with its key.
KEYED = {"anthropic": "ANTHROPIC_API_KEY", "gemini": "GEMINI_API_KEY", "mistral": "MISTRAL_API_KEY"}
_OURS = {**KEYED, "openai": "OPENAI_API_KEY or OPENAI_BASE_URL", "ollama": "OLLAMA_HOST"}
_ALIASES = {"ollama_chat": "ollama"}


@dataclass(frozen=True)
class NamedModel:
    """A model of CONVOSPHERE_MODELS: `id` for people and records, `name` for its provider."""

    id: str
    provider: str
    name: str


@dataclass(frozen=True)
class Configuration:
    """What the settings say about models. `keys` are those of the providers that LiteLLM serves."""

    endpoints: tuple[Endpoint, ...]
    keys: dict[str, str] = field(repr=False)
    named: tuple[NamedModel, ...]
    default_model: str
    embedding_model: str


def read_configuration(settings: Settings) -> Configuration:
    """Sort the settings out.

    Raises:
        ConfigurationError: a model is named whose provider is not set up.
    """
    keys = {
        "anthropic": settings.anthropic_api_key.get_secret_value(),
        "gemini": settings.gemini_api_key.get_secret_value(),
        "mistral": settings.mistral_api_key.get_secret_value(),
    }
    endpoints = tuple(_endpoints(settings))
    known = {name for name, key in keys.items() if key} | {endpoint.name for endpoint in endpoints}
    return Configuration(
        endpoints=endpoints,
        keys={name: key for name, key in keys.items() if key},
        named=tuple(_read_name(given, known, "CONVOSPHERE_MODELS") for given in settings.models),
        default_model=settings.default_model.removeprefix("openai/"),
        embedding_model=settings.embedding_model,
    )


def read_embedding_name(configuration: Configuration, given: str) -> NamedModel:
    """An embedding model's provider and name, by the same rules as for chat models.

    Raises:
        ConfigurationError: its provider is not set up.
    """
    known = set(configuration.keys) | {endpoint.name for endpoint in configuration.endpoints}
    return _read_name(given, known, "EMBEDDING_MODEL")


def _read_name(given: str, known: set[str], setting: str) -> NamedModel:
    """The provider is the one in front; else the one that the price list has; else the OpenAI-compatible server."""
    prefix, slash, rest = given.partition("/")
    provider = _ALIASES.get(prefix, prefix)
    if slash and provider not in _OURS and is_provider(provider):
        return NamedModel(given, provider, given)
    if not slash or provider not in _OURS:
        provider, rest = _guess_provider(given, known, setting), given
    if provider not in known:
        raise ConfigurationError(f"{setting}: {given} needs {_OURS[provider]}, which is not set.")
    if provider in KEYED:
        return NamedModel(f"{provider}/{rest}", provider, f"{provider}/{rest}")
    return NamedModel(rest if provider == "openai" else f"{provider}/{rest}", provider, rest)


def _guess_provider(given: str, known: set[str], setting: str) -> str:
    facts = find_facts(given)
    if facts and facts.provider in _OURS:
        return facts.provider
    if "openai" in known:
        return "openai"
    raise ConfigurationError(f"{setting}: nobody is known who runs {given}. Write provider/model.")


def _endpoints(settings: Settings) -> list[Endpoint]:
    endpoints: list[Endpoint] = []
    key = settings.openai_api_key.get_secret_value()
    if settings.openai_base_url:
        endpoints.append(Endpoint("openai", normalise_url(settings.openai_base_url), key))
    elif key:
        endpoints.append(Endpoint("openai", OPENAI_URL, key, openai_itself=True))
    if settings.ollama_host:
        endpoints.append(Endpoint("ollama", normalise_url(_ollama_url(settings.ollama_host))))
    return endpoints


def normalise_url(url: str) -> str:
    """The address without a slash at its end; a bare host gets the usual `/v1`."""
    parts = urlsplit(url.strip())
    path = parts.path.rstrip("/") or "/v1"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _ollama_url(host: str) -> str:
    """Ollama's own tools write the variable without a scheme, and often without a port."""
    url = host if "://" in host else f"http://{host}"
    parts = urlsplit(url)
    return url if parts.port or "://" in host else urlunsplit((*parts[:1], f"{parts.netloc}:{OLLAMA_PORT}", *parts[2:]))
