"""What changed between two versions, however long they are."""

from convosphere.assistants.service.versions import _lines


def told(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    return [(line.kind, line.text) for line in _lines(before, after)]


def test_a_change_stands_between_a_little_of_what_stayed() -> None:
    before = [f"{number}" for number in range(20)]
    after = [*before[:9], "new", *before[10:]]

    around = [("same", "7"), ("same", "8"), ("removed", "9"), ("added", "new"), ("same", "10"), ("same", "11")]
    assert told(before, after) == around


def test_two_changes_are_told_apart() -> None:
    before = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
    after = ["a", "B", "c", "d", "e", "f", "g", "H", "i"]

    assert [line for line in told(before, after) if line[0] != "same"] == [
        ("removed", "b"), ("added", "B"), ("removed", "h"), ("added", "H"),
    ]  # fmt: skip


def test_lines_that_repeat_thousands_of_times_take_no_cube_of_their_number() -> None:
    """It would take many minutes, in which nobody else is served."""
    before, after = ["a", "b"] * 5_000, ["a", "c"] * 5_000

    kinds = [kind for kind, _ in told(before, after)]
    assert (kinds.count("removed"), kinds.count("added")) == (9_999, 9_999)
