"""The command line as a file: what `spark-submit` is given, and `python -m evenhand` runs."""

from evenhand.surfaces.cli import main

if __name__ == "__main__":
    main()
