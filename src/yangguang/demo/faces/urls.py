"""Addresses of the demonstration, below /demo/."""

from __future__ import annotations

from django.urls import path

from yangguang.demo.faces import pages

app_name = "demo"
urlpatterns = [path("clock/", pages.clock, name="clock")]
