"""Reading questions out of what a model wrote."""

from convosphere.chat.service.follow_ups import LONGEST, read_questions


def test_only_questions_remain() -> None:
    said = "Here you are:\n\n1. What is it?\n2) **Who made it?**\n- „Warum gerade jetzt?“\nI hope that helps."
    assert read_questions(said, "") == ["What is it?", "Who made it?", "Warum gerade jetzt?"]


def test_what_was_asked_or_stands_twice_is_left_out() -> None:
    assert read_questions("What is it?\nWHO made it?\nWho made it?", "What is it?") == ["WHO made it?"]


def test_at_most_three_and_none_too_long() -> None:
    said = "\n".join([f"{'x' * LONGEST}?", *(f"Question {number}?" for number in range(9))])
    assert read_questions(said, "") == ["Question 0?", "Question 1?", "Question 2?"]


def test_signs_that_nobody_sees_are_taken_out() -> None:
    assert read_questions("\u202eWhat\u200b is it?\x07", "") == ["What is it?"]


def test_nothing_comes_of_nothing() -> None:
    assert read_questions("", "") == read_questions("No idea.", "") == []
