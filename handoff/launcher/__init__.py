"""Starts every part of Stafett on one machine, watches them, and leaves nothing behind."""
