"""`python -m outreach`."""

from outreach.cli.main import main

if __name__ == "__main__":
    main()
