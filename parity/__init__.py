"""parity: proves that a Java port does what its Python original does, and says why where not."""
