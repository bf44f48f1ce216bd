"""Starts a port: Java for units of which only the bodies are left to be written."""
