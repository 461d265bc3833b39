"""The names between which a user chooses; what each of them does is imported when it is chosen."""

MESSAGE_FORMATS = ("naaccr", "obds", "fhir")
"""The formats of messages."""

ENGINES = ("auto", "stdlib", "polars")
"""What makes the output of a table; `auto` takes polars where it is installed and the file is large."""

POLICIES = ("pathological", "clinical", "earliest")
"""How the diagnosis is taken from the stagings without r."""
