"""Files: where bytes come from and go to, compressed or not, and the error that ends a run."""
