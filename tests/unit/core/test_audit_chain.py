"""Chains of audit entries: one spelling, and whatever is done to one of them shows."""

import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_type_hints
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convosphere.core.audit.actions import ACTIONS, DOCUMENT_SHARED, LONGEST_FACT, Outcome
from convosphere.core.audit.chain import BEGINNING, canonical_json, make_link
from convosphere.core.audit.heads import Head, read_heads, write_heads
from convosphere.core.audit.keys import AuditKeys, audit_directory, audit_keys, heads_path
from convosphere.core.audit.schemas import INSTALLATION, Entry, Event, describe
from convosphere.core.audit.verification import Break, ChainCheck, Fault
from convosphere.core.errors import ConfigurationError
from convosphere.core.permissions import ANONYMOUS
from convosphere.core.settings import get_settings

KEYS = AuditKeys(b"k" * 32)
CHAIN = UUID(int=7)
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
facts = st.none() | st.dictionaries(st.sampled_from(["role", "email"]), texts | st.integers() | st.booleans())
events = st.builds(
    lambda label, before, after, times: replace(
        describe(ANONYMOUS, DOCUMENT_SHARED, label=label), before=before, after=after, times=times
    ),
    texts, facts, facts, st.integers(1, 99),
)  # fmt: skip


def build(chain: list[Event], keys: AuditKeys = KEYS) -> list[Entry]:
    entries: list[Entry] = []
    for number, event in enumerate(chain, start=1):
        entries.append(
            make_link(
                event, chain=CHAIN, sequence=number, at=BEGAN + timedelta(seconds=number),
                previous=entries[-1].hmac if entries else BEGINNING, key=keys.of_chain(CHAIN), key_id=keys.key_id,
            )
        )  # fmt: skip
    return entries


def heads_of(entries: list[Entry]) -> dict[int, Head]:
    last = entries[-1]
    return {last.sequence: Head(CHAIN, last.sequence, last.hmac, BEGAN)}


def first_break(entries: list[Entry], heads: dict[int, Head]) -> Break | None:
    check = ChainCheck(CHAIN, KEYS, heads, farthest=20)
    for entry in entries:
        if broken := check.take(entry):
            return broken
    return check.end()


def other(value: object) -> object:
    """Some value of the same kind that is another one."""
    if value is None:
        return UUID(int=99)
    changes: dict[type, Callable[[Any], object]] = {
        datetime: lambda moment: moment + timedelta(microseconds=1),
        dict: lambda facts: {**facts, "role": "owner of all"},
        int: lambda number: number + 1,
        UUID: lambda identifier: UUID(int=identifier.int ^ 1),
        bytes: lambda octets: octets[:-1] + bytes([octets[-1] ^ 1]),
    }
    return changes.get(type(value), lambda text: f"{text}x")(value)


chains = st.lists(events, min_size=2, max_size=12).map(build)


@settings(max_examples=60, deadline=None)
@given(chains)
def test_a_whole_chain_is_right(entries: list[Entry]) -> None:
    assert first_break(entries, heads_of(entries)) is None


@settings(max_examples=300, deadline=None)
@given(chains, st.data())
def test_any_changed_field_is_found_where_it_is(entries: list[Entry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    name = data.draw(st.sampled_from([field.name for field in fields(Entry)]))
    value = getattr(entries[place], name)
    changed = [*entries]
    changed[place] = replace(entries[place], **{name: {"role": "x"} if name in {"before", "after"} and value is None
                                                else other(value)})  # fmt: skip
    broken = first_break(changed, heads_of(entries))
    assert broken is not None
    assert broken.sequence == place + 1


@settings(max_examples=100, deadline=None)
@given(chains, st.data())
def test_any_removal_is_found(entries: list[Entry], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(entries) - 1))
    end = data.draw(st.integers(start + 1, len(entries)))
    broken = first_break(entries[:start] + entries[end:], heads_of(entries))
    expected = Fault.CUT_OFF if end == len(entries) else Fault.REMOVED
    assert broken is not None
    assert (broken.fault, broken.sequence) == (expected, start + 1)


@settings(max_examples=100, deadline=None)
@given(chains, st.data(), st.booleans())
def test_any_swap_is_found(entries: list[Entry], data: st.DataObject, renumbered: bool) -> None:
    first, second = sorted(data.draw(st.permutations(range(len(entries))))[:2])
    swapped = [*entries]
    swapped[first], swapped[second] = entries[second], entries[first]
    if renumbered:
        swapped = [replace(entry, sequence=number) for number, entry in enumerate(swapped, start=1)]
    broken = first_break(swapped, heads_of(entries))
    assert broken is not None
    assert (broken.fault, broken.sequence) == (Fault.MOVED if renumbered else Fault.REMOVED, first + 1)


@settings(max_examples=50, deadline=None)
@given(chains)
def test_a_chain_sealed_with_another_key_is_found(entries: list[Entry]) -> None:
    events = [describe(ANONYMOUS, DOCUMENT_SHARED) for _ in entries]
    assert first_break(build(events, AuditKeys(b"x" * 32)), {}) == Break(
        Fault.FOREIGN_KEY, 1, build(events, AuditKeys(b"x" * 32))[0]
    )


def test_a_chain_written_anew_with_the_key_is_found_by_its_head() -> None:
    entries = build([describe(ANONYMOUS, DOCUMENT_SHARED, label=str(number)) for number in range(4)])
    anew = build([describe(ANONYMOUS, DOCUMENT_SHARED, label=f"other {number}") for number in range(6)])
    broken = first_break(anew, heads_of(entries))
    assert broken is not None
    assert (broken.fault, broken.sequence) == (Fault.REWRITTEN, 4)


def test_an_entry_of_another_chain_does_not_fit() -> None:
    (entry,) = build([describe(ANONYMOUS, DOCUMENT_SHARED)])
    check = ChainCheck(INSTALLATION, KEYS, {})
    assert check.take(replace(entry, workspace_id=None)) is not None
    assert KEYS.of_chain(CHAIN) != KEYS.of_chain(INSTALLATION) != KEYS.of_heads()


# The examples of RFC 8785 that hold no fractions, which stand in no entry.
CANONICAL = [
    ({"b": None, "a": True, "A": "\u20ac$\u000f\nA'B\"\\\"/"},
     '{"A":"€$\\u000f\\nA\'B\\"\\\\\\"/","a":true,"b":null}'),
    ({"1": {"f": {"f": "hi", "F": 5}, "\n": 56}, "10": {}, "": "empty", "a": {}, "111": [], "A": {}},
     '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[],"A":{},"a":{}}'),
]  # fmt: skip


@pytest.mark.parametrize(("value", "text"), CANONICAL)
def test_json_has_one_spelling(value: dict[str, object], text: str) -> None:
    assert canonical_json(value).decode() == text
    assert json.loads(text) == value


def test_fractions_have_none() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json(float("nan"))


SECRETS = ("password", "token", "secret", "key", "hash", "text", "content", "title", "question", "answer", "body")


def test_no_action_keeps_what_nobody_should_read() -> None:
    for action in ACTIONS.values():
        resource, _, verb = action.name.partition(":")
        assert resource
        assert verb
        assert [name for name in get_type_hints(action.facts) if any(word in name for word in SECRETS)] == []
    assert len({action.name for action in ACTIONS.values()}) == len(ACTIONS)


def test_facts_are_short_and_plain() -> None:
    event = describe(ANONYMOUS, DOCUMENT_SHARED, label="a\x00\n" * 400, after={"shared_with": "x\u202e" * 2000})
    assert (len(event.label), event.after, event.outcome) == (200, {"shared_with": "x" * LONGEST_FACT}, Outcome.DONE)


def test_the_key_is_made_once_and_is_nobody_elses() -> None:
    keys, path = audit_keys(), audit_directory(get_settings()) / "key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert audit_keys() == keys == AuditKeys(path.read_text().strip().encode())
    assert [each.name for each in path.parent.iterdir()] == ["key"]


def test_a_lost_key_is_not_replaced_unnoticed() -> None:
    heads_path(get_settings()).parent.mkdir(parents=True)
    write_heads(heads_path(get_settings()), [Head(CHAIN, 1, b"x", BEGAN)], KEYS.of_heads())
    with pytest.raises(ConfigurationError, match="is gone"):
        audit_keys()


def test_the_key_can_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT_KEY", "s" * 32)
    get_settings.cache_clear()
    assert audit_keys() == AuditKeys(b"s" * 32)
    assert not audit_directory(get_settings()).exists()
    monkeypatch.setenv("AUDIT_KEY", "too short")
    get_settings.cache_clear()
    with pytest.raises(ConfigurationError, match="32 signs"):
        get_settings()


def test_a_line_cut_short_spoils_no_other(tmp_path: Path) -> None:
    path, key = tmp_path / "heads.jsonl", KEYS.of_heads()
    write_heads(path, [Head(CHAIN, 1, b"1", BEGAN)], key)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])
    write_heads(path, [Head(CHAIN, 2, b"2", BEGAN + timedelta(hours=1))], key)
    heads = read_heads(path, key)
    newest = heads.newest_of(CHAIN)
    assert newest is not None
    assert (newest.sequence, heads.damaged_lines, heads.since) == (2, [2], BEGAN)
    assert read_heads(path, AuditKeys(b"x" * 32).of_heads()).damaged_lines == [1, 2, 3]


def test_help_names_every_fault() -> None:
    for fault in Fault:
        told: Callable[[], str] = Break(fault, 3).__str__
        assert told().startswith("entry 3 ")
