"""What a prompt may be made of, and what becomes of its gaps."""

import pytest

from convosphere.prompts.errors import PromptRefusedError
from convosphere.prompts.schemas import MOST_VARIABLES, Definition, Variable
from convosphere.prompts.service.definitions import gaps_of, problems_of, refuse_problems, tidy

GOOD = Definition(name="Summary", command="sum", text="Summarise {{text}} in {{ length }} words.")


def refused(definition: Definition) -> list[str]:
    return [problem.field for problem in problems_of(tidy(definition))]


def of(variable: Variable) -> Definition:
    return Definition(name="x", text=f"{{{{{variable.name}}}}}", variables=(variable,))


def test_gaps_are_named_once_and_in_their_order() -> None:
    assert gaps_of("{{b}} {{ a }} {{b}} {{größe_2}} {b} {{1}} {{a b}} {{{c}}}") == ["b", "a", "größe_2", "c"]


def test_each_gap_has_a_variable_and_nothing_else_has() -> None:
    given = GOOD.model_copy(update={"variables": (Variable(name="gone"), Variable(name="length", kind="number"))})
    assert tidy(given).variables == (Variable(name="text"), Variable(name="length", kind="number"))


@pytest.mark.parametrize(
    ("name", "command", "expected"),
    [
        ("Träge  Übersetzung", "", "traege-uebersetzung"),
        ("x", " /Sum ", "sum"),
        ("日本", "", "日本"),
        ("x" * 80, "", "x" * 40),
    ],
)
def test_a_command_is_made_from_the_name_where_there_is_none(name: str, command: str, expected: str) -> None:
    assert tidy(Definition(name=name, command=command)).command == expected


def test_a_good_prompt_is_kept() -> None:
    assert refused(GOOD) == []


def test_what_cannot_be_used_is_refused_field_by_field() -> None:
    assert refused(Definition()) == ["name", "text"]
    assert refused(GOOD.model_copy(update={"command": "a b"})) == ["command"]
    assert refused(Definition(name="!!!", text="x")) == ["command"]
    assert refused(GOOD.model_copy(update={"name": "x" * 81, "text": "x" * 20_001})) == ["name", "text"]
    many = " ".join(f"{{{{v{number}}}}}" for number in range(MOST_VARIABLES + 1))
    assert refused(GOOD.model_copy(update={"text": many})) == ["text"]
    with pytest.raises(PromptRefusedError):
        refuse_problems(tidy(Definition()))


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        (Variable(name="n", kind="number", default="1.5"), []),
        (Variable(name="n", kind="number", default="inf"), ["n.default"]),
        (Variable(name="n", kind="number", default="two"), ["n.default"]),
        (Variable(name="d", kind="date", default="2026-02-28"), []),
        (Variable(name="d", kind="date", default="2026-02-30"), ["d.default"]),
        (Variable(name="d", kind="date", default="20260228"), ["d.default"]),
        (Variable(name="c", kind="choice", options=("a", "b"), default="b"), []),
        (Variable(name="c", kind="choice"), ["c.options"]),
        (Variable(name="c", kind="choice", options=("a", "a")), ["c.options"]),
        (Variable(name="c", kind="choice", options=("a",), default="z"), ["c.default"]),
        (Variable(name="c", kind="choice", options=tuple(map(str, range(51)))), ["c.options"]),
        (Variable(name="t", label="x" * 81), ["t.label"]),
    ],
)
def test_variables_hold_what_their_kind_says(variable: Variable, expected: list[str]) -> None:
    assert refused(of(variable)) == expected
