"""The java side: a JVM in a worker, its class path, and the table of types."""
