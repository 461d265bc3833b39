"""Findings: diagnostics with a place in a file or table, counted, selected, overridden and printed."""
