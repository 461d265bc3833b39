"""The conformance suite: cases as JSON Lines that any program can answer, and what scores the answers.

`docs/conformance.md` says how a program is driven and what a score means. `cases.py` reads the cases,
`driving.py` asks a program, `scoring.py` compares; `answers.py` is the program that answers with rstage.
"""
