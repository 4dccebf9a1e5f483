"""The officers' side: shell, today page, acting post, refusals."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Workbench (工作台)."""

    name = "yangguang.faces.desk"
    label = "desk"
    verbose_name = "工作台"

    def ready(self) -> None:
        """Add to the setup pages what joins rooms: import, accounts, and what each capability means."""
        from django.utils.translation import gettext_lazy as _  # noqa: PLC0415 - apps are loading

        from yangguang.journeys.house_roles import capability_words  # noqa: PLC0415
        from yangguang.kernel.accounts.vocabulary import MANAGE, REVEAL  # noqa: PLC0415
        from yangguang.kernel.office.faces.sections import CAPABILITY_WORDS, SECTIONS, Section  # noqa: PLC0415
        from yangguang.kernel.office.vocabulary import AUDIT, DIVISIONS  # noqa: PLC0415

        CAPABILITY_WORDS.update(capability_words())
        sections = (
            Section(_("账号"), "desk:accounts", MANAGE),
            Section(_("批量导入"), "desk:import", DIVISIONS),
            Section(_("安全日志"), "desk:security_log", AUDIT),
            Section(_("公众信息查询"), "accounts:citizens", REVEAL),
        )
        for section in sections:
            if section not in SECTIONS:
                SECTIONS.append(section)
