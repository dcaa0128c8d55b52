"""Everything that a role may allow is said in words."""

from collections import Counter

from convosphere.core.permissions import Permission
from convosphere.identity.allowances import AREAS


def test_every_permission_has_its_words_once() -> None:
    named = Counter(allowance.permission for area in AREAS for allowance in area.allowances)
    assert named == Counter(frozenset(Permission) - {Permission.PUBLIC})
