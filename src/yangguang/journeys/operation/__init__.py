"""The care of an instance: its health, its backups, its upgrades, its figures."""
