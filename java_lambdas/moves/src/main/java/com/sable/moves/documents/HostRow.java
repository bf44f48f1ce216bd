package com.sable.moves.documents;

/** What a host gave and took: endpoints, and their bytes. */
public record HostRow(String host, long gave, long took, long bytes) {}
