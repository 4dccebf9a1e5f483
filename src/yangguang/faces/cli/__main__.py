"""`python -m yangguang.faces.cli`: the command line without an installed script."""

from yangguang.faces.cli import main

main(prog_name="yangguang")
