"""What contacts tell the client company."""
