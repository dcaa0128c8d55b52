"""The fields of the editor as they come from the browser, and the definition that they make."""

from collections.abc import Mapping
from dataclasses import asdict

from pydantic import ValidationError

from convosphere.assistants.errors import DefinitionRefusedError, Problem
from convosphere.assistants.schemas import MOST_EXAMPLES, Definition, Settings
from convosphere.core.i18n import t
from convosphere.core.lines import plain_line
from convosphere.knowledge.places.schemas import NOWHERE, Places

NUMBERS = {"temperature": float, "top_p": float, "max_tokens": int}


def read_definition(form: Mapping[str, object], places: Places) -> Definition:
    """What the fields say.

    Raises:
        DefinitionRefusedError: a number is none, or a choice is not one that is offered.
    """
    values = {name: str(value).replace("\x00", "") for name, value in form.items()}
    settings = read_settings(values)
    try:
        return Definition.model_validate({**_read(values, places), "settings": settings})
    except ValidationError as error:
        raise _no_such_choice(error) from None


def read_settings(form: Mapping[str, object]) -> Settings:
    """What the fields of a model's settings say; those that are not there leave theirs open.

    Raises:
        DefinitionRefusedError: a number is none, or a choice is not one that is offered.
    """
    texts = {name: str(form.get(name, "")).strip() for name in Settings.model_fields}
    numbers = {name: _number(name, texts[name]) for name in NUMBERS}
    try:
        return Settings.model_validate({**numbers, "thinking": texts["thinking"] or None})
    except ValidationError as error:
        raise _no_such_choice(error) from None


def _no_such_choice(error: ValidationError) -> DefinitionRefusedError:
    field = str(error.errors()[0]["loc"][-1])
    return DefinitionRefusedError([Problem(field, t("Please choose one of those that are offered."))])


def _read(values: Mapping[str, str], places: Places) -> dict[str, object]:
    def take(name: str, default: str = "") -> str:
        return values.get(name, default).strip()

    return {
        "name": plain_line(take("name")),
        "description": plain_line(take("description")),
        "icon": take("icon"),
        "color": take("color"),
        "category": take("category"),
        "instructions": take("instructions"),
        "personality": {
            "tone": take("tone"),
            "length": take("length"),
            "address": take("address"),
            "examples": _examples(values),
        },
        "model": take("model"),
        "fallback": take("fallback"),
        "when_full": take("when_full"),
        "knowledge": {
            "scope": take("scope", "all"),
            "amount": take("amount", "normal"),
            "citations": take("citations", "prefer"),
            **asdict(places if take("scope") == "chosen" else NOWHERE),
        },
        "starters": [line.strip() for line in take("starters").splitlines() if line.strip()],
        "follow_ups": take("follow_ups") != "",
    }


def _examples(values: Mapping[str, str]) -> list[dict[str, str]]:
    pairs = [
        {part: values.get(f"example-{part}-{place}", "").strip() for part in ("question", "answer")}
        for place in range(MOST_EXAMPLES)
    ]
    return [pair for pair in pairs if any(pair.values())]


def _number(name: str, text: str) -> float | None:
    if not text:
        return None
    try:
        return NUMBERS[name](text.replace(",", "."))
    except (ValueError, OverflowError):
        raise DefinitionRefusedError([Problem(name, t("Please enter a number."))]) from None
