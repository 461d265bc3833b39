"""The front door: one text, one registry column or a stage in parts, read or parsed."""
