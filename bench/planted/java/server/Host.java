package server;

/** A host and the load on it. */
public record Host(String name, String zone, long load) {}
