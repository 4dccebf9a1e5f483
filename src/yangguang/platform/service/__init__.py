"""Everything that `./run` starts, as one foreground process."""
