"""Write the table of measures for the documentation: `python -m models.measures > docs/measures.md`."""

import sys

from models.measures import measures_table

if __name__ == "__main__":
    sys.stdout.write(measures_table())
