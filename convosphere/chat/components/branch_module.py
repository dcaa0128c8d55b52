"""The parts of a tree of messages that live in the browser, see `question.js`, `queued.js` and `course.js`."""

from typing import Any

import reflex as rx

QUESTION_MODULE = "$/public/question.js"
QUEUED_MODULE = "$/public/queued.js"
COURSE_MODULE = "$/public/course.js"


def _on_edit(
    message: rx.Var[str], above: rx.Var[str], text: rx.Var[str], key: rx.Var[str], is_asked: rx.Var[bool]
) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str], rx.Var[str], rx.Var[bool]]:
    return (message, above, text, key, is_asked)


def _on_two(first: rx.Var[str], second: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return (first, second)


def _on_three(
    first: rx.Var[str], second: rx.Var[str], third: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str]]:
    return (first, second, third)


def _on_one(one: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (one,)


class Question(rx.Component):
    """A question in its bubble, which turns into a field. `above` is the message that it answers to."""

    library = QUESTION_MODULE
    tag = "Question"
    message: rx.Var[str]
    text: rx.Var[str]
    above: rx.Var[str]
    longest: rx.Var[int]
    can_edit: rx.Var[bool]
    refused: rx.Var[dict[str, str]]
    labels: rx.Var[dict[str, str]]
    on_edit: rx.EventHandler[_on_edit]


class BranchNav(rx.Component):
    """`‹ 2/3 ›` where a message has siblings. `branch` is a `state.items.BranchItem`."""

    library = QUESTION_MODULE
    tag = "BranchNav"
    message: rx.Var[str]
    above: rx.Var[str]
    branch: rx.Var[Any]
    labels: rx.Var[dict[str, str]]
    on_switch: rx.EventHandler[_on_two]


class Sending(rx.Component):
    """What has left the composer and is not taken yet."""

    library = QUESTION_MODULE
    tag = "Sending"
    label: rx.Var[str]


class Queued(rx.Component):
    """A question that waits in `place`. `error` says why it was not sent in its turn."""

    library = QUEUED_MODULE
    tag = "Queued"
    queued: rx.Var[str]
    place: rx.Var[str]
    text: rx.Var[str]
    files: rx.Var[list[str]]
    error: rx.Var[str]
    longest: rx.Var[int]
    labels: rx.Var[dict[str, str]]
    refused: rx.Var[dict[str, Any]]
    on_edit: rx.EventHandler[_on_three]
    on_remove: rx.EventHandler[_on_one]
    on_send: rx.EventHandler[_on_one]


class LeftWords(rx.Component):
    """Other words for a question that waits no more go into the composer; `ids` are those that wait in `place`."""

    library = QUEUED_MODULE
    tag = "LeftWords"
    ids: rx.Var[list[str]]
    place: rx.Var[str]
    refused: rx.Var[dict[str, Any]]
    told: rx.Var[str]


class Thinking(rx.Component):
    """What a model thinks, open until it is `done`; `on_open` asks for words that are not there."""

    library = COURSE_MODULE
    tag = "Thinking"
    message: rx.Var[str]
    text: rx.Var[str]
    done: rx.Var[bool]
    title: rx.Var[str]
    on_open: rx.EventHandler[_on_one]


class Elapsed(rx.Component):
    """Seconds that go on counting."""

    library = COURSE_MODULE
    tag = "Elapsed"
    since: rx.Var[int]


class TitleMark(rx.Component):
    """Marks the tab's title when an answer ends while nobody looks."""

    library = COURSE_MODULE
    tag = "TitleMark"
    busy: rx.Var[bool]
    unread: rx.Var[int]
