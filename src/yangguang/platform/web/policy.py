"""The content policy of every page, in the form django-csp reads."""

SELF = "'self'"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
"""Nothing from elsewhere, no inline script or style. ``data:`` images are the shapes drawn by the style sheet."""
