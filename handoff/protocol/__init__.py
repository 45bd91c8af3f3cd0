"""The wire: typed, versioned, strict. docs/protocol.md and the JavaScript types follow from it."""
