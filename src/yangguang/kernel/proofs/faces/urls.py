"""Addresses of the proofs, below ledger/."""

from __future__ import annotations

from django.urls import path

from yangguang.kernel.proofs.faces import pages
from yangguang.kernel.proofs.faces.feeds import RootFeed

app_name = "proofs"
urlpatterns = [
    path("", pages.days, name="days"),
    path("days/<str:day>/", pages.day, name="day"),
    path("days/<str:day>.json", pages.day_json, name="day_json"),
    path("roots.json", pages.roots, name="roots"),
    path("roots.atom", RootFeed(), name="feed"),
    path("gazette/<str:month>/", pages.gazette, name="gazette"),
    path("gazette/<str:month>.pdf", pages.gazette_pdf, name="gazette_pdf"),
    path("receipts/<str:number>/<int:seq>/", pages.receipt, name="receipt"),
    path("receipts/<str:number>/<int:seq>.json", pages.receipt_json, name="receipt_json"),
    path("check/", pages.check, name="check"),
    path("verify_ledger.py", pages.verifier, name="verifier"),
]
