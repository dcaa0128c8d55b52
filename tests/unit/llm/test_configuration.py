"""From settings to providers and addresses."""

import pytest

from convosphere.core.settings import Settings
from convosphere.llm.configuration import normalise_url, read_configuration


def configure(**values: object) -> dict[str, str]:
    configuration = read_configuration(Settings.model_validate(values))
    return {endpoint.name: endpoint.base_url for endpoint in configuration.endpoints}


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("http://host:8000", "http://host:8000/v1"),
        ("http://host:8000/", "http://host:8000/v1"),
        ("https://host/openai/v1/", "https://host/openai/v1"),
        ("https://host/v1", "https://host/v1"),
    ],
)
def test_an_address_needs_no_exact_ending(given: str, url: str) -> None:
    assert normalise_url(given) == url


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1"),
        ("127.0.0.1", "http://127.0.0.1:11434/v1"),
        ("box.local:9000", "http://box.local:9000/v1"),
        ("https://ollama.example.org", "https://ollama.example.org/v1"),
    ],
)
def test_ollamas_address_as_its_own_tools_write_it(given: str, url: str) -> None:
    assert configure(ollama_host=given) == {"ollama": url}


def test_a_key_alone_means_openai_itself() -> None:
    assert configure(openai_api_key="sk-x") == {"openai": "https://api.openai.com/v1"}
    assert configure() == {}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("openai/gpt-4o", ("gpt-4o", "openai", "gpt-4o")),
        ("gpt-4o", ("gpt-4o", "openai", "gpt-4o")),
        ("my-own-model", ("my-own-model", "openai", "my-own-model")),
        ("acme/llama-of-my-server", ("acme/llama-of-my-server", "openai", "acme/llama-of-my-server")),
        ("claude-haiku-4-5", ("anthropic/claude-haiku-4-5", "anthropic", "anthropic/claude-haiku-4-5")),
        ("anthropic/claude-haiku-4-5", ("anthropic/claude-haiku-4-5", "anthropic", "anthropic/claude-haiku-4-5")),
        ("ollama_chat/llama3", ("ollama/llama3", "ollama", "llama3")),
        ("groq/llama-3.3-70b-versatile", ("groq/llama-3.3-70b-versatile", "groq", "groq/llama-3.3-70b-versatile")),
    ],
)
def test_a_name_finds_its_provider(given: str, expected: tuple[str, str, str]) -> None:
    values = {"openai_base_url": "http://host/v1", "anthropic_api_key": "k", "ollama_host": "host", "models": (given,)}
    named = read_configuration(Settings.model_validate(values)).named[0]
    assert (named.id, named.provider, named.name) == expected


def test_keys_are_in_no_representation() -> None:
    secret = "sk-secret-value"
    values = {"openai_api_key": secret, "anthropic_api_key": secret}
    assert secret not in repr(read_configuration(Settings.model_validate(values)))
