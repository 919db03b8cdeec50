"""Redis with fan-out on write."""
