"""`python -m benchmarks.unpaced`: `stafett serve` without the pace of a page's frames.

A busy pair is faster than any person, and would be closed with 1013.
"""

from __future__ import annotations

from handoff.gateways import pace

pace.FRAMES_PER_SECOND = pace.BURST = 1e9

if __name__ == "__main__":
    from handoff.app import serve
    from handoff.settings import read_settings

    serve(read_settings())
