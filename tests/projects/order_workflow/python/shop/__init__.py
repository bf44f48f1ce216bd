"""A shop whose orders are worked through by one server."""
