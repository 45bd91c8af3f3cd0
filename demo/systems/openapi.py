"""The OpenAPI description of both APIs, made from their resources."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from demo.systems.resource import Resource

_ERROR = {"error": "string", "message": "string"}
_ERRORS = {
    "400": "A field is missing or wrong",
    "401": "The token is missing or wrong",
    "404": "`not_found`: there is no such number",
    "409": "A rule of the company forbids it; `error` says which",
}


def describe(apis: Mapping[str, Sequence[Resource]]) -> dict[str, Any]:
    """The OpenAPI 3.1 document. `apis` maps a client's id to its resources."""
    paths: dict[str, Any] = {}
    for client, resources in apis.items():
        for resource in resources:
            path = paths.setdefault(f"/{client}/v1{resource.path}", {})
            path[resource.method.lower()] = _operation(client, resource)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Demo systems of Heimbud and Varde Forsikring",
            "version": "1",
            "description": "What a client company offers Stafett. Dates follow today; what is "
            "changed is kept in memory until midnight.",
        },
        "security": [{"bearer": []}],
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Error": schema(_ERROR)},
        },
        "paths": paths,
    }


def schema(shape: Any) -> dict[str, Any]:
    """JSON Schema of a shape: {"name": "string", "due?": "date"}, where ? may be null."""
    if isinstance(shape, list):
        return {"type": "array", "items": schema(shape[0])}
    if isinstance(shape, Mapping):
        return {
            "type": "object",
            "properties": {
                key.rstrip("?"): _nullable(schema(value)) if key.endswith("?") else schema(value)
                for key, value in shape.items()
            },
            "required": [key for key in shape if not key.endswith("?")],
        }
    if shape in ("date", "date-time"):
        return {"type": "string", "format": shape}
    return {"type": shape}


def _nullable(one: dict[str, Any]) -> dict[str, Any]:
    return one | {"type": [one["type"], "null"]}


def _operation(client: str, resource: Resource) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": resource.summary,
        "operationId": re.sub(
            r"[^a-z]+", "_", f"{client} {resource.method} {resource.path}".lower()
        ).strip("_"),
        "tags": [client],
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in re.findall(r"{(\w+)}", resource.path)
        ]
        + [
            {
                "name": name.rstrip("?"),
                "in": "query",
                "required": False,
                "schema": {"type": "string"},
            }
            for name in resource.query
        ],
        "responses": {
            "200": {"description": "Done", "content": _json(schema(resource.answers))},
            **{
                status: {
                    "description": text,
                    "content": _json({"$ref": "#/components/schemas/Error"}),
                }
                for status, text in _ERRORS.items()
            },
        },
    }
    if resource.method != "GET":
        operation["parameters"].append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "schema": {"type": "string"},
                "description": "The same key again answers the same and does nothing twice.",
            }
        )
    if resource.asks:
        operation["requestBody"] = {"required": True, "content": _json(schema(resource.asks))}
    return operation


def _json(content: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": content}}
