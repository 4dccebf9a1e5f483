"""How every page looks: shells, components, tables, forms. Usage lines: README.md."""
