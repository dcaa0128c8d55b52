"""What can go wrong with rules.

ExpectedError
├── RuleNotFoundError    missing, or somebody else's
├── RuleIncompleteError  it asks for nothing, or for something that cannot be
└── TooManyRulesError    the workspace has as many as there may be
"""

from convosphere.core.errors import ConflictError, InvalidInputError, NotFoundError
from convosphere.core.i18n import Message, t


class RuleNotFoundError(NotFoundError):
    """The rule does not exist, or the actor may not do this with it."""

    @classmethod
    def default_message(cls) -> Message:
        return t("This rule does not exist, or you may not change it.")


class RuleIncompleteError(InvalidInputError):
    """A rule asks for at least one thing, and each of them is filled in."""

    code = "rule_incomplete"

    @classmethod
    def default_message(cls) -> Message:
        return t("Please fill in each condition of the rule, at least one.")


class TooManyRulesError(ConflictError):
    """No workspace has more rules: each new document is held against all of them."""

    code = "too_many_rules"

    def __init__(self, most: int) -> None:
        super().__init__(t("There are {count} rules already. Please delete some first.", count=most))
