"""oBDS, ADT/GEKID and the national delivery oBDS_RKI: the messages of the German registries."""
