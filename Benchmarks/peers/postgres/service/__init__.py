"""The service that runs under uvicorn."""
