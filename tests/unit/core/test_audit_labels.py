"""Whatever an entry can hold has words that a person reads."""

from typing import get_type_hints

from convosphere.core.audit.actions import ACTIONS, Outcome
from convosphere.core.audit.labels import FACTS, MEANS, OUTCOMES, explain
from convosphere.core.audit.verification import Fault
from convosphere.core.origin import Means


def test_every_fact_has_a_name() -> None:
    """A field of a class of facts in `actions.py` needs a line in `labels.FACTS`."""
    declared = {name for action in ACTIONS.values() for name in get_type_hints(action.facts)}
    assert declared - FACTS.keys() == set()
    assert FACTS.keys() - declared == set()


def test_outcomes_means_and_faults_are_explained() -> None:
    assert OUTCOMES.keys() == set(Outcome)
    assert MEANS.keys() == set(Means)
    assert all("7" in str(explain(fault, 7)) for fault in Fault)
