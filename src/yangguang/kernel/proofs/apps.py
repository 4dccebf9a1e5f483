"""The proofs as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ProofsConfig(AppConfig):
    """Daily roots, receipts and witnesses of the ledger (台账证明)."""

    name = "yangguang.kernel.proofs"
    label = "proofs"
    verbose_name = "台账证明"
    default_auto_field = "django.db.models.BigAutoField"
