"""Supervision as a Django app: registers the card as a kind of case."""

from __future__ import annotations

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Electronic supervision (电子监察)."""

    name = "yangguang.supervision"
    label = "supervision"
    verbose_name = "电子监察"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the kind ``card``; a rule file that cannot be used stops the start."""
        from yangguang.kernel.ledger.kinds import Kind, register  # noqa: PLC0415 - the registry is filled at start-up
        from yangguang.supervision.rules import house_rules  # noqa: PLC0415 - as above
        from yangguang.supervision.vocabulary import CARD, CardState  # noqa: PLC0415 - as above

        register(
            Kind(
                code=CARD,
                zh="监察牌",
                en="Supervision card",
                states={s.value: (s.zh, s.en) for s in CardState},
                page="supervision:card",
                public_page="supervision:public_card",
                read="supervision.read",
            )
        )
        house_rules()
