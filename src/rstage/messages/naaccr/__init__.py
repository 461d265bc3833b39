"""NAACCR XML: the messages of the North American registries."""
