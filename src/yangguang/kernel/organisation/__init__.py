"""Divisions, units, people and what they may do: tables and queries; the commands are in `kernel.office`."""
