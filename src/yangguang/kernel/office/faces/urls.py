"""Addresses of the office: setting up divisions, units, people and roles."""

from __future__ import annotations

from django.urls import path

from yangguang.kernel.office.faces import calendars, pages, units

app_name = "office"
urlpatterns = [
    path("", units.home, name="home"),
    path("units/", units.units, name="units"),
    path("units/new/", units.new_unit, name="new_unit"),
    path("units/<str:code>/", units.unit, name="unit"),
    path("units/<str:code>/<slug:verb>/", units.unit_act, name="unit_act"),
    path("divisions/", pages.divisions, name="divisions"),
    path("divisions/new/", pages.new_division, name="new_division"),
    path("divisions/<str:code>/", pages.rename_division, name="rename_division"),
    path("people/", pages.people, name="people"),
    path("people/new/", pages.new_person, name="new_person"),
    path("people/<str:number>/", pages.person, name="person"),
    path("appointments/<int:officer>/end/", pages.end_appointment, name="end_appointment"),
    path("appointments/<int:officer>/delegate/", pages.delegate, name="delegate"),
    path("roles/", pages.roles, name="roles"),
    path("roles/new/", pages.role, name="new_role"),
    path("roles/<str:code>/", pages.role, name="role"),
    path("collectives/", pages.collectives, name="collectives"),
    path("collectives/new/", pages.new_collective, name="new_collective"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/new/", calendars.new_calendar, name="new_calendar"),
    path("calendars/plan/<str:digest>/", calendars.plan, name="calendar_plan"),
    path("calendars/<int:pk>/", calendars.calendar, name="calendar"),
    path("calendars/<int:pk>/withdraw/", calendars.withdraw, name="withdraw_calendar"),
]
