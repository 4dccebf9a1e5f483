"""The accounts as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts of staff and citizens."""

    name = "yangguang.kernel.accounts"
    label = "accounts"
    verbose_name = "账号"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the operator at the server's shell erase what law demands to be erased."""
        from yangguang.kernel.accounts.vocabulary import ERASE, OPERATOR  # noqa: PLC0415 - apps are loading
        from yangguang.kernel.ledger.authority import grant_system  # noqa: PLC0415 - as above

        grant_system(OPERATOR, ERASE)
