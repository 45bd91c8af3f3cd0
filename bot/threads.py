"""How many processors a sentence may take, and how politely.

The whole parse of 300 long lines on two cores, median and 95th percentile in ms, on a quiet machine
/ with one core busy / with both busy: one thread 44, 62 / 44, 89 / 64, 104; two 41, 69 on the quiet
one, since both may land on one core; two that are bound 25, 37 / 43, 71 / 60, 92. Two that wait as
actively as OpenMP would have it take three times as long as one beside other work.
"""

from __future__ import annotations

import os

FOR_ONE_SENTENCE = min(2, os.cpu_count() or 1)


def share_processors(bound: bool = False) -> None:
    """Set how OpenMP's threads wait; call it before anything loads OpenMP.

    ``bound`` keeps each thread to its own processor: for the one process of a machine that answers.
    What the environment says already stays.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "3000")
    if bound:
        os.environ.setdefault("OMP_PROC_BIND", "true")
