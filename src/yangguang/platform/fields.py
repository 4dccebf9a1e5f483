"""A column that is sealed by the vault and opens only when asked to by name.

What comes out of the database is a `Sealed` that prints as nothing: pages and logs cannot show it by accident.
`reveal(record, "phone")` opens it; who may, and that it is recorded, is the caller's business.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from yangguang.platform.vault import house_vault


class Sealed(bytes):
    """Sealed bytes as they stand in the database."""

    def __str__(self) -> str:
        return "••••"

    __repr__ = __str__


class EncryptedText(models.BinaryField):  # type: ignore[type-arg] # generic only in the stubs
    """A text sealed at rest, bound to its table, column and row.

    Assign a text and save; the row must know its key before it is saved (a UUID default, not a serial number).
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Seal a text that was assigned since the row was read."""
        value = getattr(model_instance, self.attname)
        if isinstance(value, str):
            value = Sealed(house_vault().seal(value, place=place_of(model_instance, self.attname)))
            setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        """Refuse a plain text that would reach the database unsealed (update, filter)."""
        if isinstance(value, str):
            raise TypeError(f"{self.name} takes plain text only through save()")
        return super().get_prep_value(value)

    def from_db_value(self, value: Any, expression: object, connection: object) -> Sealed | None:
        """Return what stands in the row, still sealed."""
        return None if value is None else Sealed(value)

    def deconstruct(self) -> Any:
        """Stand in migrations under this name."""
        name, _path, arguments, options = super().deconstruct()
        return name, "yangguang.platform.fields.EncryptedText", arguments, options


def place_of(record: models.Model, column: str) -> str:
    """Return the place a sealed text is bound to."""
    if record.pk is None:
        raise TypeError("a record with sealed texts must know its key before it is saved")
    return f"{record._meta.db_table}.{column}.{record.pk}"  # noqa: SLF001 - Django's documented introspection


def reveal(record: models.Model, column: str) -> str:
    """Return the text of a sealed column; empty where nothing is kept, SealBroken where it was tampered with."""
    kept = getattr(record, column)
    if kept is None or isinstance(kept, str):
        return kept or ""
    return house_vault().open(bytes(kept), place=place_of(record, column))


def blind_index(record: type[models.Model], column: str, text: str) -> str:
    """Return the fingerprint by which a sealed column is searched for an equal text."""
    return house_vault().blind_index(text, place=f"{record._meta.db_table}.{column}")  # noqa: SLF001
