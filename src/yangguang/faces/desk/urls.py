"""Addresses of the officers' side that belong to no single room."""

from __future__ import annotations

from django.urls import path

from yangguang.faces.desk import views

app_name = "desk"
urlpatterns = [
    path("desk/search/", views.search, name="search"),
    path("desk/messages/", views.messages, name="messages"),
    path("desk/messages/read/", views.read_messages, name="read_messages"),
    path("desk/messages/<int:pk>/", views.open_message, name="open_message"),
    path("desk/rulebook/", views.rulebook, name="rulebook"),
    path("desk/calendar/", views.calendar, name="calendar"),
]
