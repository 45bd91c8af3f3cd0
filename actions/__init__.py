"""The action server: look-ups in the clients' systems, the errands' forms, the handoff signal."""
