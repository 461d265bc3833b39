"""Site tables: which values a primary site has, loaded from a file of the user."""
