"""Turns are fair, bounded, and given back."""

import asyncio
import random
from collections import Counter

import pytest

from convosphere.llm.routing.queues import (
    MINUTE,
    MOST_WAITING,
    MOST_WAITING_OF_ONE,
    Limits,
    QueueFullError,
    Turn,
    TurnQueue,
)


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_without_limits_everybody_begins_at_once() -> None:
    queue = TurnQueue()
    turns = [queue.enter("ann") for _ in range(1000)]
    assert all(turn.has_begun for turn in turns)
    assert (queue.running, queue.waiting) == (1000, 0)


async def test_nobody_gets_ahead_by_asking_more_often() -> None:
    queue = TurnQueue(Limits(parallel=1))
    first = queue.enter("ann")
    turns = [queue.enter("ann") for _ in range(5)] + [queue.enter("bob"), queue.enter("cem"), queue.enter("bob")]
    order: list[object] = []
    running = first
    while queue.waiting:
        queue.leave(running)
        running = next(turn for turn in turns if turn.has_begun and turn not in order)
        order.append(running)
    assert [turn.person for turn in order if isinstance(turn, Turn)] == "ann bob cem ann bob ann ann ann".split()


async def test_who_has_more_running_waits_for_those_with_less() -> None:
    queue = TurnQueue(Limits(parallel=4))
    running = [queue.enter("ann") for _ in range(4)]
    anns = [queue.enter("ann") for _ in range(4)]
    bobs = [queue.enter("bob") for _ in range(4)]
    for turn in running[:2]:
        queue.leave(turn)
    assert sum(turn.has_begun for turn in bobs) == 2
    assert not any(turn.has_begun for turn in anns)


async def test_a_place_is_the_number_of_turns_until_ones_own() -> None:
    queue = TurnQueue(Limits(parallel=1))
    queue.enter("zoe")
    anns = [queue.enter("ann") for _ in range(3)]
    bobs = [queue.enter("bob") for _ in range(2)]
    cem = queue.enter("cem")
    places = [queue.place_of(turn) for turn in (*anns, *bobs, cem)]
    assert places == [1, 4, 6, 2, 5, 3]


async def test_waiting_is_bounded_for_all_and_for_each() -> None:
    queue = TurnQueue(Limits(parallel=1))
    queue.enter("ann")
    for _ in range(MOST_WAITING_OF_ONE):
        queue.enter("ann")
    with pytest.raises(QueueFullError):
        queue.enter("ann")
    for number in range(MOST_WAITING - MOST_WAITING_OF_ONE):
        queue.enter(number)
    with pytest.raises(QueueFullError):
        queue.enter("bob")


async def test_who_leaves_the_line_is_not_waited_for() -> None:
    queue = TurnQueue(Limits(parallel=1))
    running, gone, next_one = queue.enter("ann"), queue.enter("bob"), queue.enter("cem")
    queue.leave(gone)
    assert queue.place_of(next_one) == 1
    queue.leave(running)
    assert next_one.has_begun
    assert not gone.has_begun
    queue.leave(next_one)
    assert (queue.running, queue.waiting) == (0, 0)


async def test_only_so_many_begin_in_any_minute() -> None:
    clock = Clock()
    queue = TurnQueue(Limits(per_minute=3), clock)
    for turn in [queue.enter("ann") for _ in range(3)]:
        queue.leave(turn)
    late = queue.enter("ann")
    clock.now += MINUTE - 1
    queue.enter("bob")
    assert not late.has_begun
    clock.now += 1
    queue.enter("cem")
    assert late.has_begun
    queue.close()


async def test_a_new_minute_wakes_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convosphere.llm.routing.queues.MINUTE", 0.05)
    queue = TurnQueue(Limits(per_minute=1))
    queue.leave(queue.enter("ann"))
    turn = queue.enter("ann")
    assert not turn.has_begun
    await asyncio.wait_for(turn.wait(), 5)
    queue.close()


async def test_limits_that_are_lifted_let_all_begin() -> None:
    queue = TurnQueue(Limits(parallel=1))
    turns = [queue.enter("ann") for _ in range(4)]
    queue.limits = Limits()
    queue.leave(turns[0])
    assert all(turn.has_begun for turn in turns)


@pytest.mark.parametrize("seed", range(20))
async def test_in_any_order_of_coming_and_going_no_turn_is_lost(seed: int) -> None:
    chance = random.Random(seed)
    queue = TurnQueue(Limits(parallel=3))
    present: list[Turn] = []
    for _ in range(400):
        if present and chance.random() < 0.5:
            queue.leave(present.pop(chance.randrange(len(present))))
        else:
            try:
                present.append(queue.enter(chance.randrange(5)))
            except QueueFullError:
                continue
        begun = Counter(turn.has_begun for turn in present)
        assert begun[True] == queue.running == min(3, len(present))
        assert begun[False] == queue.waiting
        waiting = sorted(queue.place_of(turn) for turn in present if not turn.has_begun)
        assert waiting == list(range(1, len(waiting) + 1))
    for turn in present:
        queue.leave(turn)
    assert (queue.running, queue.waiting) == (0, 0)
