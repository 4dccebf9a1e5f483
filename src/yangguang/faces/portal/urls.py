"""Addresses of the public side that belong to no single room."""

from __future__ import annotations

from django.urls import path

from yangguang.faces.portal import probes, views
from yangguang.faces.portal.feeds import NoticeFeed

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("help/", views.help_index, name="help"),
    path("help/<slug:topic>/", views.help_topic, name="help_topic"),
    path("watch/lights/", views.lights, name="lights"),
    path("data/method/", views.method, name="method"),
    path("data/lights.csv", views.lights_csv, name="lights_csv"),
    path("feed/notices.atom", NoticeFeed(), name="feed"),
    path("site/map/", views.site_map, name="site_map"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", probes.ready, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
]
