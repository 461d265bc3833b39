"""FHIR R4: mCODE, MII Onkologie, and observations with the categories as components."""
