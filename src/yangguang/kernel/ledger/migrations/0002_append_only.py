"""Entries are only ever added: the database itself refuses to change, remove or truncate them."""

from __future__ import annotations

from django.db import migrations

FORBID = """
CREATE FUNCTION ledger_forbid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger entries are only added, never changed (%)', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER ledger_entry_rows BEFORE UPDATE OR DELETE ON ledger_entry
  FOR EACH ROW EXECUTE FUNCTION ledger_forbid();
CREATE TRIGGER ledger_entry_table BEFORE TRUNCATE ON ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_forbid();
"""
ALLOW = """
DROP TRIGGER ledger_entry_rows ON ledger_entry;
DROP TRIGGER ledger_entry_table ON ledger_entry;
DROP FUNCTION ledger_forbid();
"""


class Migration(migrations.Migration):
    """Forbid changes of entries by trigger."""

    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
