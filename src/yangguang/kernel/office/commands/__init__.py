"""Every write of the office, one verb each; each records its entry in the ledger."""

from yangguang.kernel.office.commands.beginning import begin_organisation
from yangguang.kernel.office.commands.divisions import create_division, rename_division
from yangguang.kernel.office.commands.importing import Change, Import, RowError, apply_import, plan_import, workbook
from yangguang.kernel.office.commands.people import (
    add_person,
    appoint,
    create_post,
    define_role,
    delegate,
    end_appointment,
)
from yangguang.kernel.office.commands.units import (
    add_short_name,
    create_unit,
    define_collective,
    learn_alias,
    merge_unit,
    move_unit,
    rename_unit,
)

__all__ = [
    "Change",
    "Import",
    "RowError",
    "add_person",
    "add_short_name",
    "appoint",
    "apply_import",
    "begin_organisation",
    "create_division",
    "create_post",
    "create_unit",
    "define_collective",
    "define_role",
    "delegate",
    "end_appointment",
    "learn_alias",
    "merge_unit",
    "move_unit",
    "plan_import",
    "rename_division",
    "rename_unit",
    "workbook",
]
