"""The client companies' own systems: a small HTTP service with a REST API for each."""
