"""Addresses of supervision: officers under ``desk/watch/``, the public under ``watch/``."""

from __future__ import annotations

from django.urls import path, re_path

from yangguang.supervision.faces import pages, public

app_name = "supervision"
urlpatterns = [
    path("desk/watch/", pages.overview, name="overview"),
    path("desk/watch/cases/", pages.cases, name="cases"),
    path("desk/watch/cards/", pages.cards, name="cards"),
    path("desk/watch/cards/<str:number>/", pages.card, name="card"),
    re_path(rf"^desk/watch/cards/(?P<number>[^/]+)/(?P<name>{'|'.join(pages.STEPS)})/$", pages.step, name="step"),
    path("desk/watch/rules/", pages.rules, name="rules"),
    path("desk/watch/rules/<slug:code>/", pages.rule, name="rule"),
    path("watch/rules/", public.rules, name="public_rules"),
    path("watch/rules/<slug:code>/", public.rule, name="public_rule"),
    path("watch/cards/", public.cards, name="public_cards"),
    path("watch/cards/<str:number>/", public.card, name="public_card"),
]
