"""What the fields of the playground say."""

from collections.abc import Mapping, Sequence
from typing import cast

from convosphere.assistants.schemas import Definition
from convosphere.assistants.state.forms import read_settings
from convosphere.playground.schemas import MOST_EXPECTATIONS, CaseDraft, Expectation, Kind
from convosphere.playground.service.comparing import Pick


def read_working(form: Mapping[str, str], before: Definition) -> Definition:
    """The working copy: what was saved, with what the fields say instead.

    Raises:
        DefinitionRefusedError: a number is none, or a choice is not one that is offered.
    """
    instructions = form.get("instructions", "").replace("\x00", "").strip()
    update = {"instructions": instructions, "settings": read_settings(form), "model": form.get("model", before.model)}
    return before.model_copy(update=update)


def read_picks(form: Mapping[str, str], columns: int) -> list[Pick]:
    """What answers in each column."""
    return [
        Pick(_whole(form.get(f"version-{place}", "0")), form.get(f"model-{place}", "")[:300])
        for place in range(columns)
    ]


def read_case(form: Mapping[str, object]) -> CaseDraft:
    """A test case as its dialog says it; what has no text is left out."""
    values = {name: str(value).replace("\x00", "") for name, value in form.items()}
    pairs = [(values.get(f"kind-{n}", ""), values.get(f"value-{n}", "").strip()) for n in range(MOST_EXPECTATIONS)]
    expectations: Sequence[Expectation] = [Expectation(cast("Kind", kind), value) for kind, value in pairs if value]
    return CaseDraft(values.get("question", ""), tuple(expectations))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
