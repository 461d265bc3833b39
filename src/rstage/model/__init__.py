"""The values: stages and what they are made of, with the checks across their parts. No text is read here."""
