"""Processes killed, stopped and cut off under load, and a judge of what every screen showed."""
