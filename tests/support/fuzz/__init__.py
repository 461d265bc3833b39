"""A program that tries what nobody thought of: `python -m tests.support.fuzz --readings 100000 --seed 1`.

Each case is drawn from its own number, so a case that breaks a promise can be drawn again alone.
"""
