"""Entries of the trail as the browser gets them: texts and numbers only; words are messages as dicts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from convosphere.admin.state.fact_words import MOMENTS, SUBJECTS, words_of
from convosphere.core.audit.actions import ACTIONS, Fact
from convosphere.core.audit.labels import FACTS, MEANS, explain
from convosphere.core.audit.schemas import Entry
from convosphere.core.audit.verification import Fault
from convosphere.core.audit.verifying import Verification
from convosphere.core.i18n import Message, t
from convosphere.core.origin import Means

Words = dict[str, Any]


@dataclass(frozen=True)
class EntryItem:
    """A row. `as_whom` is empty unless somebody looked through another one's eyes."""

    sequence: int = 0
    at: str = ""
    who: str = ""
    as_whom: str = ""
    is_program: bool = False
    """Nobody did it: a job, or the terminal."""
    what: Words = field(default_factory=dict)
    label: str = ""
    address: str = ""
    means: Words = field(default_factory=dict)
    outcome: str = ""
    times: int = 1


@dataclass(frozen=True)
class SaidItem:
    """What a fact says: some words, or a moment."""

    words: list[Words] = field(default_factory=list)
    at: str = ""


@dataclass(frozen=True)
class ChangeItem:
    """A fact before and after."""

    name: Words
    before: SaidItem
    after: SaidItem


@dataclass(frozen=True)
class DetailItem:
    """What the panel shows beside the row's own."""

    action: str = ""
    account: str = ""
    session: str = ""
    program: str = ""
    object: str = ""
    object_type: str = ""
    seal: str = ""
    key: str = ""
    changes: list[ChangeItem] = field(default_factory=list)


@dataclass(frozen=True)
class VerificationItem:
    """What verifying found. `at` is empty where it was never done; no `faults` means that all is well."""

    at: str = ""
    who: str = ""
    count: int = 0
    faults: list[Words] = field(default_factory=list)
    heads_since: str = ""
    newest_head: str = ""


def entry_item(entry: Entry) -> EntryItem:
    """The row of an entry."""
    action = ACTIONS.get(entry.action)
    return EntryItem(
        sequence=entry.sequence,
        at=entry.occurred_at.isoformat(),
        who=entry.real_name or entry.account_name,
        as_whom=entry.account_name if entry.real_name else "",
        is_program=entry.account_id is None and entry.means in {Means.JOB, Means.TERMINAL},
        what=(action.label if action else t(entry.action)).as_dict(),
        label=entry.label,
        address=entry.address,
        means=MEANS[Means(entry.means)].as_dict(),
        outcome=entry.outcome,
        times=entry.times,
    )


def subjects_of(entry: Entry) -> set[str]:
    """Ids of the people and groups that the facts of an entry name."""
    facts = [*(entry.before or {}).items(), *(entry.after or {}).items()]
    return {str(value) for name, value in facts if name in SUBJECTS and value}


def detail_item(entry: Entry, names: Mapping[str, Message]) -> DetailItem:
    """All that is known beside the row; `names` says what roles, people and groups are called."""
    return DetailItem(
        action=entry.action,
        account=str(entry.real_account_id or entry.account_id or ""),
        session=str(entry.session_id or ""),
        program=entry.user_agent,
        object=str(entry.object_id or ""),
        object_type=entry.object_type,
        seal=entry.hmac.hex(),
        key=entry.key_id,
        changes=_changes(entry.before or {}, entry.after or {}, names),
    )


def verification_item(found: Verification | None) -> VerificationItem:
    """The result in words."""
    if found is None:
        return VerificationItem()
    facts = found.facts
    faults = [*_faults(facts, ""), *_faults(facts, "installation_")]
    if damaged := facts.get("damaged_heads"):
        faults.append(t("Lines of the file of heads that are damaged: {count}.", count=int(damaged)).as_dict())
    return VerificationItem(
        at=found.entry.occurred_at.isoformat(),
        who=found.entry.account_name,
        count=int(facts.get("entries") or 0) + int(facts.get("installation_entries") or 0),
        faults=faults,
        heads_since=str(facts.get("heads_since") or ""),
        newest_head=str(facts.get("newest_head") or ""),
    )


def _faults(facts: Mapping[str, Fact], chain: str) -> list[Words]:
    number, fault = facts.get(f"{chain}broken_at"), facts.get(f"{chain}fault")
    if not number or not fault:
        return []
    told = [explain(Fault(fault), int(number)).as_dict()]
    return [t("In the installation's chain:").as_dict(), *told] if chain else told


def _changes(before: Mapping[str, Fact], after: Mapping[str, Fact], names: Mapping[str, Message]) -> list[ChangeItem]:
    said = [
        (name, _said(name, before.get(name), names), _said(name, after.get(name), names))
        for name in dict.fromkeys([*before, *after])
    ]
    return [
        ChangeItem(FACTS.get(name, t(name)).as_dict(), old, new)
        for name, old, new in said
        if old != SaidItem() or new != SaidItem()
    ]


def _said(name: str, value: Fact, names: Mapping[str, Message]) -> SaidItem:
    if name in MOMENTS and isinstance(value, str) and "T" in value:
        return SaidItem(at=value)
    return SaidItem([words.as_dict() for words in words_of(name, value, names)])
