"""The process of the command line: the script `rstage`, and `python -m rstage`."""

import atexit
import gc

# A command makes hardly any garbage that refers to itself. To look for some after every 700 objects, as
# Python does, costs a tenth of its start, and to look through all that is left at the end another tenth.
_NEW_OBJECTS = 50_000


def run() -> None:
    """Run the command that the arguments name, and end the process."""
    gc.set_threshold(_NEW_OBJECTS)
    atexit.register(gc.freeze)
    from rstage.cli import main

    main()


if __name__ == "__main__":
    run()
