"""Public lists as data: the grammar, the values of the categories, systems, editions, topography codes."""
