package server;

/** Where a volume goes, and the share of the host that stays free. */
public record Placement(String host, String zone, double free) {}
