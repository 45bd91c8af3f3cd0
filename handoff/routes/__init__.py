"""Pages and the HTTP API: one module for each audience."""
