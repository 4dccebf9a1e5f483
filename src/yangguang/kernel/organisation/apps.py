"""The organisation as a Django app."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """Tables of divisions, units, posts and officers."""

    name = "yangguang.kernel.organisation"
    label = "organisation"
    verbose_name = "组织机构"
    default_auto_field = "django.db.models.BigAutoField"
