"""What a page says over its socket, and what none of ours would."""

import json

import pytest

from convosphere.launch.frames import is_frame_of_page

HANDLERS = {"state.load"}
EVENT = {"name": "state.load", "payload": {"a": 1}, "router_data": {"pathname": "/", "query": {}, "asPath": "/"}}


def event(**changes: object) -> str:
    return "42/_event," + json.dumps(["event", EVENT | changes])


@pytest.mark.parametrize(
    "frame",
    [
        "1", "2", "3", "40/_event,", "40/_event,{}", "41/_event,", event(), event(payload={}), event(router_data={}),
        "40/_event," + json.dumps({"event": EVENT, "state_schema": "abc"}), '42/_event,["ping"]',
        '42/_event,["client_error",{"error_type":"x"}]', '42/_event,["event",{"name":"state.load"}]',
    ],
)  # fmt: skip
def test_what_pages_say_is_let_through(frame: str) -> None:
    assert is_frame_of_page(frame, HANDLERS)


@pytest.mark.parametrize(
    "frame",
    [
        None, "", "4", "40", "42", "5", "6", "2probe", "40/other,{}", "40/_event,[]", "42/_event,[]",
        "42/_event,{",
        '40/_event,{"event":null}', '40/_event,{"event":{}}', '42/_event,["event"]', '42/_event,["event",null]',
        '42/_event,["event","{}"]', '42/_event,["event",{}]', '42/_event,["connect",{}]', '42/_event,["client_error"]',
        "42/_event," + "[" * 100_000, '43/_event,1[]', "451-/_event,[]", '42["event",{}]', "42/_event,1[]",
        event(name="state.other"), event(name="_redirect"), event(name=1), event(name=None), event(name=["state.load"]),
        event(payload=[]), event(payload=None), event(router_data=[]), event(router_data=None),
        event(router_data={"query": []}), event(router_data={"pathname": 1}), event(router_data={"asPath": {}}),
    ],
)  # fmt: skip
def test_anything_else_is_not(frame: str | None) -> None:
    assert not is_frame_of_page(frame, HANDLERS)
