"""The pure core: no I/O, no clock, no await. Time, ids and randomness arrive as arguments."""
