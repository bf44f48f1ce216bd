"""Inputs that tell the sides apart. Knows no engine: whoever uses it hands it a judge."""
