"""Tables: the stages in their columns are read, checked, normalized, restaged and verified."""
