"""What the facts of the trail say, in plain words."""

import pytest

from convosphere.admin.state.audit_items import ChangeItem, SaidItem, detail_item
from convosphere.admin.state.fact_words import words_of
from convosphere.core.audit.actions import INVITATION_CREATED, Fact
from convosphere.core.audit.schemas import describe
from convosphere.core.i18n import Message
from convosphere.core.permissions import ANONYMOUS
from convosphere.identity.roles import ROLE_NAMES
from tests.unit.core.test_audit_chain import build

ROLES = {
    **{role.value: name for role, name in ROLE_NAMES.items()},
    "r1": Message("Bookkeeping"),
    "0198-7": Message("Grace"),
}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("role", "admin", ["Administrator"]),
        ("role", "r1", ["Bookkeeping"]),
        ("role", "gone", ["gone"]),
        ("permissions", "audit:read person:read", ["Read the audit trail", "See people"]),
        ("permission", "person:invite", ["Invite people"]),
        ("method", "password+totp", ["Password", "One-time code"]),
        ("factor", "recovery", ["Recovery code"]),
        ("reason", "password_wrong", ["This password is not right."]),
        ("reason", "too_many_attempts", ["Too many attempts"]),
        ("level", "edit", ["Edit"]),
        ("shared_with", "everyone", ["Everyone"]),
        ("fault", "cut off", ["Cut off"]),
        ("is_manager", True, ["Yes"]),
        ("is_denied", False, ["No"]),
        ("count", 7, ["7"]),
        ("name", "audit:read", ["audit:read"]),
        ("name", "", []),
        ("heir", None, []),
        ("heir", "0198-7", ["Grace"]),
        ("member", "0198-7", ["Grace"]),
        ("subject", "0198-8", ["0198-8"]),
        ("name", "0198-7", ["0198-7"]),
    ],
)
def test_a_fact_is_said_in_words(name: str, value: Fact, said: list[str]) -> None:
    assert [words.text for words in words_of(name, value, ROLES)] == said


def test_moments_are_for_the_browser_to_say_and_what_is_empty_is_left_out() -> None:
    moment = "2026-11-20T12:00:00+00:00"
    event = describe(ANONYMOUS, INVITATION_CREATED, after={"role": "guest", "email": "", "expires_at": moment})
    changes = detail_item(build([event])[0], ROLES).changes
    assert changes == [
        ChangeItem(Message("Role").as_dict(), SaidItem(), SaidItem([Message("Guest").as_dict()])),
        ChangeItem(Message("Works until").as_dict(), SaidItem(), SaidItem(at=moment)),
    ]
