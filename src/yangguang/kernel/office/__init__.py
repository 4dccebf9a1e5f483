"""The commands that change divisions, units, names, posts and people. No tables of its own."""
