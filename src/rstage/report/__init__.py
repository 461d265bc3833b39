"""The report of a run: one HTML page with pictures, made from what the run counted."""
