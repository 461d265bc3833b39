"""`python -m rstage`."""

from rstage.cli import main

if __name__ == "__main__":
    main()
