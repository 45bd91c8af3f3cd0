"""How many processors a sentence may take, and how politely.

Measured on two cores, one sentence's vector, median ms on a quiet machine / with one core busy /
with both busy: one thread 35 / 35 / 63; two that wait as actively as OpenMP would have it 22 / 52 /
113; two that wait so briefly as here 22 / 71 / 56.
"""

from __future__ import annotations

import os

FOR_ONE_SENTENCE = min(2, os.cpu_count() or 1)


def share_processors() -> None:
    """Let OpenMP's threads wait without starving others; call it before anything loads OpenMP.

    What the environment says already stays.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "3000")
