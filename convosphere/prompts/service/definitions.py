"""Whether a prompt can be kept: each problem in plain words, beside the field that it is about."""

import math
import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from convosphere.core.handles import handle_of
from convosphere.core.i18n import Message, t
from convosphere.core.lines import plain_line
from convosphere.prompts.errors import Problem, PromptRefusedError
from convosphere.prompts.schemas import (
    GAP,
    LONGEST_COMMAND,
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_OPTION,
    LONGEST_TEXT,
    LONGEST_VALUE,
    MOST_OPTIONS,
    MOST_VARIABLES,
    Definition,
    Variable,
)

_COMMAND: Final = re.compile(r"[^\W_][\w-]*")


def gaps_of(text: str) -> list[str]:
    """The names of a text's gaps, each once, in their order."""
    return list(dict.fromkeys(GAP.findall(text)))


def tidy(definition: Definition) -> Definition:
    """The same with a command, and with a variable for each gap of the text and for nothing else."""
    name = plain_line(definition.name)
    known = {variable.name: variable for variable in definition.variables}
    return definition.model_copy(
        update={
            "name": name,
            "command": definition.command.strip().removeprefix("/").casefold() or _command_of(name),
            "description": plain_line(definition.description),
            "text": definition.text.strip(),
            "variables": tuple(known.get(gap) or Variable(name=gap) for gap in gaps_of(definition.text)),
        }
    )


def refuse_problems(definition: Definition) -> None:
    """Let nothing pass that could not be used.

    Raises:
        PromptRefusedError: something cannot.
    """
    if problems := list(problems_of(definition)):
        raise PromptRefusedError(problems)


def problems_of(definition: Definition) -> Iterator[Problem]:
    """All that is wrong with a tidy definition."""
    if not definition.name:
        yield Problem("name", t("Please give it a name."))
    yield from _too_long("name", definition.name, LONGEST_NAME)
    yield from _too_long("command", definition.command, LONGEST_COMMAND)
    yield from _too_long("description", definition.description, LONGEST_DESCRIPTION)
    yield from _too_long("text", definition.text, LONGEST_TEXT)
    if definition.name and not _COMMAND.fullmatch(definition.command):
        yield Problem("command", t("A command is made of letters, digits and hyphens."))
    if not definition.text:
        yield Problem("text", t("Please write what the prompt says."))
    if len(definition.variables) > MOST_VARIABLES:
        yield Problem("text", t("A prompt has at most {count} variables.", count=MOST_VARIABLES))
    for variable in definition.variables:
        yield from _problems_of_variable(variable)


def _problems_of_variable(variable: Variable) -> Iterator[Problem]:
    place = f"{variable.name}."
    yield from _too_long(f"{place}label", variable.label, LONGEST_NAME)
    yield from _too_long(f"{place}default", variable.default, LONGEST_VALUE)
    if variable.kind == "choice":
        yield from _problems_of_options(variable)
    if variable.default and (message := _refusal_of(variable)):
        yield Problem(f"{place}default", message)


def _problems_of_options(variable: Variable) -> Iterator[Problem]:
    place, options = f"{variable.name}.options", variable.options
    if not options:
        yield Problem(place, t("Please name what there is to choose from, one to a line."))
    if len(options) > MOST_OPTIONS:
        yield Problem(place, t("At most {count} can be offered.", count=MOST_OPTIONS))
    if len(set(options)) < len(options):
        yield Problem(place, t("Two of these are the same."))
    if any(len(option) > LONGEST_OPTION for option in options):
        yield Problem(place, t("At most {count} characters fit here.", count=LONGEST_OPTION))


def _refusal_of(variable: Variable) -> Message | None:
    """Why a variable cannot begin with its default."""
    match variable.kind:
        case "number" if not _is_number(variable.default):
            return t("This is no number.")
        case "date" if not _is_date(variable.default):
            return t("This is no date.")
        case "choice" if variable.default not in variable.options:
            return t("This is not among what there is to choose from.")
        case _:
            return None


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _too_long(field: str, text: str, longest: int) -> Iterator[Problem]:
    if len(text) > longest:
        yield Problem(field, t("At most {count} characters fit here.", count=longest))


def _command_of(name: str) -> str:
    return handle_of(name)[:LONGEST_COMMAND].strip("-")
