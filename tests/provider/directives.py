"""What a request asks the provider to do, by the model's name and by `[[…]]` in the last user message.

[[tokens=300 rate=100 markdown]]   length, tokens a second, Markdown instead of prose
[[delay=0.5]]                      seconds before the first token
[[text=word]]                      answer exactly this word, `_` standing for a space
[[said=name]]                      answer with this text of those that it was started with
[[thinking=5]]                     so many pieces of reasoning first
[[status=429 retry_after=1]]       refuse with this status; `leak` puts the key into the body
[[status=500 times=2]]             only the first two times that this very message comes
[[status=500 model=test-a]]        only for this model
[[status=502 html]] [[html]]       a web page in place of JSON, with this status or as if all were well
[[retry_date=2]]                   Retry-After as a date so many seconds ahead, by a clock that is years wrong
[[hang]] [[hang_after_headers]]    never answer; answer headers and keep-alive comments only
[[stall_after=5]] [[cut_after=5]]  fall silent, or drop the connection, after so many tokens
[[stall_after=5 comments]]         fall silent but for keep-alive comments
[[hold_every=5]]                   wait after every so many tokens until the test says `go_on`
[[error_after=5 error_code=429]]   an error inside the stream
[[garbage]] [[garbage_after=5]]    lines that are not JSON, from the start or after so many tokens
[[filtered]] [[filter_after=5]]    refuse by rules on content; break off by them
[[tool=broken]] [[tool=good]]      ask for a tool, with arguments that are JSON or not
[[usage=negative]]                 wrong numbers of use: negative absurd strings nested null booleans
[[untimed]]                        of speech only the words, and a refusal if times are asked for
[[formless]]                       of pictures a refusal if a form is asked for, and what they used
[[no_usage]] [[no_done]] [[end_after=5]] [[empty]] [[comments]] [[context]]
"""

import re
from dataclasses import dataclass, fields, replace

_CASTS: dict[object, type[int] | type[float] | type[str]] = {int: int, float: float, str: str}
_DIRECTIVE = re.compile(r"\[\[([^\[\]]*)\]\]")


@dataclass(frozen=True)
class Behaviour:
    """How one request is answered; rates in tokens per second, 0 for as fast as possible."""

    tokens: int = 0
    rate: float = 0
    delay: float = 0
    text: str = ""
    said: str = ""
    thinking: int = 0
    markdown: bool = False
    echo: bool = False
    status: int = 0
    html: bool = False
    retry_after: str = ""
    retry_date: float = 0
    leak: bool = False
    times: int = 0
    model: str = ""
    hang: bool = False
    hang_after_headers: bool = False
    stall_after: int = -1
    hold_every: int = 0
    cut_after: int = -1
    end_after: int = -1
    error_after: int = -1
    error_code: int = 500
    garbage: bool = False
    garbage_after: int = -1
    filtered: bool = False
    filter_after: int = -1
    tool: str = ""
    usage: str = ""
    no_usage: bool = False
    no_done: bool = False
    empty: bool = False
    comments: bool = False
    context: bool = False
    refuse_stream_options: bool = False
    untimed: bool = False
    formless: bool = False


BY_MODEL = {
    "test-answer": Behaviour(rate=200),
    "test-echo": Behaviour(echo=True),
    "test-fast": Behaviour(tokens=300, rate=1000),
    "test-steady": Behaviour(tokens=300, rate=100),
    "test-slow": Behaviour(tokens=200, rate=20),
    "test-markdown": Behaviour(tokens=300, rate=100, markdown=True),
    "test-curious": Behaviour(text="Gladly:\n1. Which owls hunt by day?\n- **What do they eat?**\nThat is all."),
    "test-rewriter": Behaviour(text="How many days of holiday are there in a year?\nThat is all."),
    "test-429": Behaviour(status=429, retry_after="1"),
    "test-500": Behaviour(status=500),
    "test-hang": Behaviour(hang=True),
    "test-stall": Behaviour(tokens=50, stall_after=5),
    "test-cut": Behaviour(tokens=50, cut_after=5),
    "test-error": Behaviour(tokens=50, error_after=5),
    "test-garbage": Behaviour(garbage=True),
}


def parse_behaviour(model: str, message: str) -> Behaviour:
    """The behaviour of a model's name, changed by each directive that is meant for it."""
    behaviour = BY_MODEL.get(model, Behaviour())
    for match in _DIRECTIVE.finditer(message):
        changes = _parse_changes(match.group(1))
        if changes.get("model", model) == model:
            behaviour = replace(behaviour, **changes)
    return behaviour


def without_directives(message: str) -> str:
    """The message as a person would have written it."""
    return _DIRECTIVE.sub("", message).strip()


def _parse_changes(text: str) -> dict[str, bool | int | float | str]:
    kinds = {field.name: field.type for field in fields(Behaviour)}
    changes: dict[str, bool | int | float | str] = {}
    for word in text.split():
        name, _, value = word.partition("=")
        if name in kinds:
            kind = kinds[name]
            changes[name] = True if kind is bool else _CASTS[kind](value.replace("_", " "))
    return changes
