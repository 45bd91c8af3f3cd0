"""One transaction in SQL: each protocol of a unit in a module of its own, for both dialects."""
