"""Django application of the design face."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Brings templates, static files and the ``yg`` tag library; owns no tables."""

    name = "yangguang.faces.design"
    label = "design"
    verbose_name = "design"
