"""What the model costs: parts of a day, how work grows, many replications, and how long commands take to begin."""
