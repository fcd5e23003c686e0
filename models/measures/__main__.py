"""Write the table of measures for the documentation: `python -m galleria.models.measures > docs/measures.md`."""

import sys

from galleria.models.measures import measures_table

if __name__ == "__main__":
    sys.stdout.write(measures_table())
