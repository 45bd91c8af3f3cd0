"""Claim races: many agents reach for the same customer at once, over and over."""
