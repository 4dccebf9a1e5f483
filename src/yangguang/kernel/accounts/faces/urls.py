"""Addresses of the accounts room, below /accounts/ and before those of allauth."""

from __future__ import annotations

from django.urls import path

from yangguang.kernel.accounts.faces import pages, personal

app_name = "accounts"
urlpatterns = [
    path("invitation/<str:token>/", pages.invitation, name="invitation"),
    path("post/", pages.choose_post, name="choose_post"),
    path("mine/", personal.mine, name="mine"),
    path("mine/erase/", personal.erase_mine, name="erase_mine"),
    path("citizens/", personal.citizens, name="citizens"),
    path("demo/", pages.demo_logins, name="demo_logins"),
    path("demo/enter/", pages.enter_demo, name="enter_demo"),
]
