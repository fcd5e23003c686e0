"""Names for the arrays that rules take and give."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.integer[Any]]
type Bools = NDArray[np.bool_]
