"""Addresses of the directives room."""

from __future__ import annotations

from django.urls import path

from yangguang.domains.directives.faces import correcting, duty, ledger, letters, notices, public, units

app_name = "directives"
urlpatterns = [
    path("desk/", units.desk, name="desk"),
    path("desk/notices/", notices.notices, name="notices"),
    path("desk/notices/new/", notices.new_notice, name="new_notice"),
    path("desk/notices/<str:number>/", notices.notice, name="notice"),
    path("desk/notices/<str:number>/rows/", notices.save_proposals, name="save_proposals"),
    path("desk/notices/<str:number>/do/<slug:verb>/", notices.decide_notice, name="decide_notice"),
    path("desk/notices/<str:number>/correct/", correcting.correct, name="correct"),
    path("desk/duties/", ledger.duties, name="duties"),
    path("desk/duties/urge/", ledger.urge, name="urge"),
    path("desk/duties/export.<str:kind>", ledger.export, name="export"),
    path("desk/duties/<str:number>/", duty.duty, name="duty"),
    path("desk/duties/<str:number>/files/<uuid:document>/", duty.evidence, name="evidence"),
    path("desk/duties/<str:number>/letters/<slug:code>.<slug:form>", letters.letter, name="letter"),
    path("desk/duties/<str:number>/<slug:code>/", duty.act, name="act"),
    path("desk/units/", units.my_unit, name="my_unit"),
    path("desk/units/<str:code>/", units.unit, name="unit"),
    path("desk/units/<str:code>/export.<str:kind>", units.unit_export, name="unit_export"),
    path("calendar/<str:token>.ics", units.feed, name="feed"),
    path("watch/duties/", public.duties, name="public_duties"),
    path("watch/duties/export.<str:kind>", public.export, name="public_export"),
    path("watch/duties/<str:number>/", public.duty, name="public_duty"),
    path("open/notices/<str:number>/", public.notice, name="public_notice"),
]
