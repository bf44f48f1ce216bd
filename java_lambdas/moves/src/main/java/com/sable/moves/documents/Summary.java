package com.sable.moves.documents;

import java.util.List;
import java.util.Map;

/** What a workflow came to. */
public record Summary(
    String outcome,
    long moved,
    long rolled_back,
    double moved_percent,
    long bytes,
    long rows,
    String rate,
    long elapsed_ms,
    Number pause_p50_ms,
    Number pause_p99_ms,
    List<String> slowest,
    List<HostRow> hosts,
    Map<String, List<String>> errors) {}
