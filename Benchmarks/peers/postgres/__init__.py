"""FastAPI and SQLAlchemy over PostgreSQL."""
