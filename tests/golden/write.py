"""Write the fingerprints of the golden worlds anew: `python -m tests.golden.write`, after a change that is meant."""

import json

from tests.golden.worlds import HASHES, WORLDS, fingerprint

if __name__ == "__main__":
    found = {world: fingerprint(*overrides) for world, overrides in WORLDS.items()}
    HASHES.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
