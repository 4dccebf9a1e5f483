"""Addresses of the directives room."""

from __future__ import annotations

from django.urls import path

from yangguang.domains.directives.faces import correcting, letters, pages, public

app_name = "directives"
urlpatterns = [
    path("desk/", pages.desk, name="desk"),
    path("desk/notices/", pages.notices, name="notices"),
    path("desk/notices/new/", pages.new_notice, name="new_notice"),
    path("desk/notices/<str:number>/", pages.notice, name="notice"),
    path("desk/notices/<str:number>/rows/", pages.save_proposals, name="save_proposals"),
    path("desk/notices/<str:number>/do/<slug:verb>/", pages.decide_notice, name="decide_notice"),
    path("desk/notices/<str:number>/correct/", correcting.correct, name="correct"),
    path("desk/duties/", pages.duties, name="duties"),
    path("desk/duties/urge/", pages.urge, name="urge"),
    path("desk/duties/export.<str:kind>", pages.export, name="export"),
    path("desk/duties/<str:number>/", pages.duty, name="duty"),
    path("desk/duties/<str:number>/files/<uuid:document>/", pages.evidence, name="evidence"),
    path("desk/duties/<str:number>/letters/<slug:code>.<slug:form>", letters.letter, name="letter"),
    path("desk/duties/<str:number>/<slug:code>/", pages.act, name="act"),
    path("desk/units/", pages.my_unit, name="my_unit"),
    path("desk/units/<str:code>/", pages.unit, name="unit"),
    path("desk/units/<str:code>/export.<str:kind>", pages.unit_export, name="unit_export"),
    path("calendar/<str:token>.ics", pages.feed, name="feed"),
    path("watch/duties/", public.duties, name="public_duties"),
    path("watch/duties/export.<str:kind>", public.export, name="public_export"),
    path("watch/duties/<str:number>/", public.duty, name="public_duty"),
    path("open/notices/<str:number>/", public.notice, name="public_notice"),
]
