"""Tests of the parts that only compute: `python3 -m unittest discover Benchmarks/harness`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
