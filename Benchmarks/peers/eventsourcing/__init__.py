"""The Python library eventsourcing."""
