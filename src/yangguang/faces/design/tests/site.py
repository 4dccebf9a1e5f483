"""Addresses of the test site: the gallery in both languages."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = i18n_patterns(path("design/", include("yangguang.faces.design.urls")), prefix_default_language=False)
