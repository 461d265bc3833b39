"""How many small faults the tests notice: `python -m tests.support.mutation --sample 300 --seed 1`.

One thing in one function is changed, and the tests that call the function are run, the fastest first, until
one of them fails. A change that none of them notices is printed with its place: either a test is missing, or
the change makes no difference, and then `equal.tsv` says why.
"""
