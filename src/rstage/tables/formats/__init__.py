"""The formats of tables. Each gives records with the text they were written with."""
