"""Several handoff processes on one PostgreSQL and one Redis."""
