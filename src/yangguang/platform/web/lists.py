"""Lists: paging, sorting and the table columns that every room uses."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpRequest
from django_tables2 import RequestConfig

from yangguang.faces.design.tables import LampColumn, ProgressColumn, SelectColumn, Table

__all__ = ["LampColumn", "ProgressColumn", "SelectColumn", "Table", "paged"]

T = TypeVar("T", bound=Table)

#: rows a page of a list shows
PER_PAGE = 50


def paged(request: HttpRequest, table: T, per_page: int = PER_PAGE) -> T:
    """Return the table sorted and paged as the address asks; a page that is not there gives the last one."""
    RequestConfig(request, paginate={"per_page": per_page, "silent": True}).configure(table)
    return table
