"""Processes: one BPMN file is the picture people see and the table that runs."""
