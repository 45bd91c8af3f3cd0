"""Websocket endpoints. Only server.py imports websockets."""
