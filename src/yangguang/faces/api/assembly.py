"""The API put together: its operations, its refusals, its published schema."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

from yangguang.faces.api import directives, proofs, public
from yangguang.faces.api.problems import MEDIA_TYPE, add_handlers

DESCRIPTION = """\
The same commands and queries as the pages, for programs. The public sees public records; an officer, by the session of
the pages, sees what his posts let him see. Lists are paged by `cursor`; moments carry +08:00; `Accept-Language` chooses
`zh-hans` or `en`; every refusal is a problem (RFC 9457) with `code`, `detail`, `cite` and `remedy`.
"""


class Chinese(JSONRenderer):
    """JSON with Chinese as Chinese; what cannot be encoded stays an escape."""

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """Return the bytes of an answer."""
        return json.dumps(data, cls=self.encoder_class, ensure_ascii=False).encode("utf-8", "backslashreplace")


class HouseAPI(NinjaAPI):
    """The API of the house, whose schema says that refusals are problems."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """Return the schema with the media type of problems at every refusal."""
        schema = super().get_openapi_schema(**kwargs)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400 and "application/json" in answer.get("content", {}):
                        answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
        return schema


api = HouseAPI(
    title="Yangguang",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    urls_namespace="api",
    renderer=Chinese(),
)
add_handlers(api)
api.add_router("", directives.router)
api.add_router("", public.router)
api.add_router("", proofs.router)
