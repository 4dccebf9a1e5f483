"""How ``{{ form }}`` prints: summary, then one field group each."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Django's renderer with our form and field templates; set as ``FORM_RENDERER``."""

    form_template_name = "design/form.html"
    field_template_name = "design/field.html"
