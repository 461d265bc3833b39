"""From text to values: characters, the grammar, repair, and what each part of a text says. lark ends here."""
