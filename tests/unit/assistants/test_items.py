"""What the fields of the editor and the playground begin with: nothing that was chosen may get lost by saving."""

from convosphere.assistants.schemas import Definition, Settings
from convosphere.assistants.state.items import ModelChoice, definition_item, with_gone


def test_a_model_that_is_not_to_be_had_stays_chosen() -> None:
    here = [ModelChoice("a", "A", is_reader=False)]
    gone = ModelChoice("b", "b", is_reader=False, is_gone=True)
    assert with_gone(here, "a", "b", "") == [*here, gone]
    assert with_gone([*here, gone], "b") == [*here, gone], "and stands there once"


def test_numbers_stay_as_they_were_written() -> None:
    item = definition_item(Definition(settings=Settings(temperature=0.1234567, max_tokens=1_048_576)))
    assert (item.temperature, item.max_tokens, item.top_p) == ("0.1234567", "1048576", "")
