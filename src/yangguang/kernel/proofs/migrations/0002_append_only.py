"""Leaves, nodes, closed days and deposits are only ever added: the database refuses to change or remove them."""

from __future__ import annotations

from django.db import migrations

TABLES = ("leaf", "node", "closedday", "deposit")
FORBID = """
CREATE FUNCTION proofs_forbid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'proofs are only added, never changed (% of %)', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER proofs_{table}_rows BEFORE UPDATE OR DELETE ON proofs_{table}
  FOR EACH ROW EXECUTE FUNCTION proofs_forbid();
CREATE TRIGGER proofs_{table}_table BEFORE TRUNCATE ON proofs_{table}
  FOR EACH STATEMENT EXECUTE FUNCTION proofs_forbid();
"""
    for table in TABLES
)
ALLOW = "".join(
    f"DROP TRIGGER proofs_{table}_rows ON proofs_{table}; DROP TRIGGER proofs_{table}_table ON proofs_{table};\n"
    for table in TABLES
) + "DROP FUNCTION proofs_forbid();"


class Migration(migrations.Migration):
    """Forbid changes by trigger."""

    dependencies = [("proofs", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
