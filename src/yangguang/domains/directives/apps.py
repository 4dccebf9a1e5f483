"""The directives room as a Django app: registers its kinds."""

from __future__ import annotations

from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    """Notices become duties (督查)."""

    name = "yangguang.domains.directives"
    label = "directives"
    verbose_name = "督查"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the kinds of case that this room keeps."""
        from yangguang.domains.directives.commands.importing import IMPORTER, INTAKE  # noqa: PLC0415
        from yangguang.domains.directives.indexing import settle_duties, settle_notices  # noqa: PLC0415
        from yangguang.domains.directives.queries import unit_of_lane  # noqa: PLC0415
        from yangguang.domains.directives.vocabulary import DutyState, NoticeState  # noqa: PLC0415
        from yangguang.kernel.ledger.authority import grant_system  # noqa: PLC0415
        from yangguang.kernel.ledger.kinds import SETTLERS, Kind, register  # noqa: PLC0415
        from yangguang.kernel.processes.commands import LANES  # noqa: PLC0415

        LANES["duty"] = unit_of_lane
        SETTLERS["duty"] = settle_duties
        SETTLERS["notice"] = settle_notices
        grant_system(IMPORTER, INTAKE)
        register(
            Kind(
                code="notice",
                zh="来文",
                en="Notice",
                states={s.value: (s.zh, s.en) for s in NoticeState},
                page="directives:notice",
                public_page="directives:public_notice",
                read="directives.read",
            )
        )
        register(
            Kind(
                code="duty",
                zh="督查事项",
                en="Duty",
                states={s.value: (s.zh, s.en) for s in DutyState},
                page="directives:duty",
                public_page="directives:public_duty",
                read="directives.read",
            )
        )
