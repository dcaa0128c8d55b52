"""The parameters of a request by OpenAI's names, which LiteLLM takes as well."""

from convosphere.llm.schemas import CompletionRequest


def parameters_of(request: CompletionRequest) -> dict[str, object]:
    """What the request says of how to answer; nothing of what it leaves to the provider."""
    wanted = request.parameters
    named: dict[str, object] = {
        "temperature": wanted.temperature,
        "top_p": wanted.top_p,
        "max_tokens": wanted.max_tokens,
        "reasoning_effort": wanted.thinking,
        "stop": list(wanted.stop) or None,
        "seed": wanted.seed,
        "presence_penalty": wanted.presence_penalty,
        "frequency_penalty": wanted.frequency_penalty,
    }
    return {name: value for name, value in named.items() if value is not None}
