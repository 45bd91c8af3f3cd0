"""The page of tests/simulation is this widget's machine: both take the same frames alike."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import pytest
from playwright.async_api import Page

from handoff.protocol.codec import encode
from handoff.protocol.frames import Frame
from tests.simulation.campaign import quiet
from tests.simulation.page import Page as SimulatedPage
from tests.simulation.play import play
from tests.simulation.schedule import make

SCHEDULES = 80
# What TCP does not do; the widget need not bear it.
TAMPERING = ("drops", "doubles", "swaps")

PLAY = """async (pages) => {
  const { Customer } = await import("/web/widget/customer.js");
  return pages.map((frames) => {
    const customer = new Customer(() => 0);
    customer.start([], 0);
    customer.ticket("ticket", 0);
    customer.opened();
    return frames.map((frame) => {
      if (frame.t === "welcome" && customer.phase === "live") {
        customer.closed(1006, 0);
        customer.tick(Infinity);
        customer.opened();
      }
      customer.frame(frame, 0);
      return [customer.receiver.next, customer.mode, customer.owner];
    });
  });
}"""


async def test_shows_the_same_lines_and_the_same_owner(
    blank: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames: dict[SimulatedPage, list[Any]] = defaultdict(list)
    states: dict[SimulatedPage, list[list[object]]] = defaultdict(list)
    real = SimulatedPage.take

    def recorded(self: SimulatedPage, frame: Frame) -> Any:
        answer = real(self, frame)
        frames[self].append(json.loads(encode(frame)))
        states[self].append([self.receiver.next, self.mode, self.owner])
        return answer

    monkeypatch.setattr(SimulatedPage, "take", recorded)
    with quiet():
        for seed in range(SCHEDULES):
            whole = make(seed)
            steps = tuple(step for step in whole.steps if step.kind not in TAMPERING)
            assert play(whole._replace(steps=steps)).broken is None
    told = await blank.evaluate(PLAY, list(frames.values()))
    assert len(told) >= 2 * SCHEDULES
    assert {mode for page in told for _, mode, _ in page} == {"bot", "waiting", "agent", "closed"}
    for widget, simulated in zip(told, states.values(), strict=True):
        assert widget == simulated
