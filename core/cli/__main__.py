"""`python -m core.cli`: the command line where the command `persuadable` is not installed."""

from core.cli import main

if __name__ == "__main__":
    main()
