"""Measured figures, each beside its limit in the same run; `make bench` runs them all."""
