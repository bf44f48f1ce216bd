package com.sable.moves.documents;

import java.util.Optional;

/** A move with a target that has room for its bytes, and the chunks that its rows are cut into. */
public record SizedMove(
    String endpoint,
    Optional<String> source,
    String target,
    long bytes,
    long rows,
    long chunks) {}
