"""Measures Martlet, what the machine allows, and the peers on the same work in the same run."""
