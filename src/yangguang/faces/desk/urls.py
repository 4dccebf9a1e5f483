"""Addresses of the officers' side that belong to no single room."""

from __future__ import annotations

from django.urls import path

from yangguang.faces.desk import accounts, first_use, health, importing, processes, security_log, views

app_name = "desk"
urlpatterns = [
    path("desk/search/", views.search, name="search"),
    path("desk/messages/", views.messages, name="messages"),
    path("desk/messages/read/", views.read_messages, name="read_messages"),
    path("desk/messages/<int:pk>/", views.open_message, name="open_message"),
    path("desk/rulebook/", views.rulebook, name="rulebook"),
    path("desk/calendar/", views.calendar, name="calendar"),
    path("desk/processes/", processes.listed, name="processes"),
    path("desk/processes/check/", processes.check, name="check_process"),
    path("desk/processes/<str:process>/<int:version>/", processes.shown, name="process"),
    path("desk/setup/health/", health.board, name="health"),
    path("desk/setup/accounts/", accounts.accounts, name="accounts"),
    path("desk/setup/accounts/<str:number>/invite/", accounts.invite, name="invite"),
    path("desk/setup/accounts/<str:number>/close/", accounts.close, name="close_account"),
    path("desk/setup/log/", security_log.security_log, name="security_log"),
    path("desk/setup/import/", importing.upload, name="import"),
    path("desk/setup/import/organisation.xlsx", importing.template, name="import_template"),
    path("desk/setup/import/<str:digest>/", importing.plan, name="import_plan"),
    path("setup/", first_use.first_use, name="first_use"),
]
