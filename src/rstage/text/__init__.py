"""Running text: the stagings in it, each with its place and the words around it."""
