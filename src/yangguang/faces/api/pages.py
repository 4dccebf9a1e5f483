"""The documentation of the API as a page of the house: no script, nothing from elsewhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yangguang.faces.api.assembly import api


def docs(request: HttpRequest) -> HttpResponse:
    """List every operation with its parameters and answers."""
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, operations in schema["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(_shown(address, method, operation))
    return render(request, "api/docs.html", {"groups": groups, "description": _plain(schema["info"]["description"])})


def _shown(address: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    parameters = [
        {
            "name": one["name"],
            "where": one["in"],
            "required": one.get("required", False),
            "words": _plain(one.get("description", "")),
            "kind": _kind(one["schema"]),
        }
        for one in operation.get("parameters", [])
    ]
    answers = [(status, answer["description"]) for status, answer in operation["responses"].items()]
    return {
        "method": method.upper(),
        "address": address,
        "summary": _plain(operation["summary"]),
        "words": _plain(operation.get("description", "")),
        "parameters": parameters,
        "answers": answers,
        "signed_in": bool(operation.get("security")),
        "bodies": list(operation.get("requestBody", {}).get("content", {})),
    }


def _kind(schema: dict[str, Any]) -> str:
    parts = [part for part in schema.get("anyOf", [schema]) if part.get("type") != "null"]
    part = parts[0] if parts else schema
    return str(
        part.get("format")
        or part.get("type")
        or part.get("$ref", "").rsplit("/", 1)[-1]
        or " | ".join(map(str, part.get("enum", [])))
    )


def _plain(words: str) -> str:
    """Return a sentence without the marks that only tools set as code."""
    return words.replace("`", "")
