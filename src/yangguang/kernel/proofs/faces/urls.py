"""Addresses of the proofs, below ledger/."""

from __future__ import annotations

from django.urls import path, re_path

from yangguang.kernel.proofs.faces import pages
from yangguang.kernel.proofs.faces.feeds import RootFeed

app_name = "proofs"
_DAY = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
_MONTH = r"(?P<month>[0-9]{4}-[0-9]{2})"
urlpatterns = [
    path("", pages.days, name="days"),
    re_path(rf"^days/{_DAY}/$", pages.day, name="day"),
    re_path(rf"^days/{_DAY}\.json$", pages.day_json, name="day_json"),
    path("roots.json", pages.roots, name="roots"),
    path("roots.atom", RootFeed(), name="feed"),
    re_path(rf"^gazette/{_MONTH}/$", pages.gazette, name="gazette"),
    re_path(rf"^gazette/{_MONTH}\.pdf$", pages.gazette_pdf, name="gazette_pdf"),
    path("receipts/<str:number>/<int:seq>/", pages.receipt, name="receipt"),
    path("receipts/<str:number>/<int:seq>.json", pages.receipt_json, name="receipt_json"),
    path("check/", pages.check, name="check"),
    path("verify_ledger.py", pages.verifier, name="verifier"),
]
