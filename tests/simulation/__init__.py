"""Seeded schedules of everything that can happen, through the real bridge, by a simulated clock.

`python -m tests.simulation --help`, and docs/reliability.md.
"""
