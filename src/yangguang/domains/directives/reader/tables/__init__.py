"""Tables: found in text or given by a file format, brought to one grid, read into rows of duties."""
