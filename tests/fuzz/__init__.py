"""Bent frames into the codec: each is a frame, or one clean refusal."""
