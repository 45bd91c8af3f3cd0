"""The memory twin: each protocol of a unit over dictionaries, behaving as SQL does."""
