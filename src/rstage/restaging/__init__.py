"""Stagings of one tumor: the restaging with its link to the diagnosis, and the history."""
