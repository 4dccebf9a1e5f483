"""The gallery; included only by demonstrations and tests."""

from django.urls import path

from . import gallery

urlpatterns = [
    path("act/", gallery.act),
    path("", gallery.show),
    *[path(name, gallery.show, {"name": name}) for name in gallery.TEMPLATES if name],
]
