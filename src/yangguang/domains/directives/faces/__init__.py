"""Faces of the directives room."""
