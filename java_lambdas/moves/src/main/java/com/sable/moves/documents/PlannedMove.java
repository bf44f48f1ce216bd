package com.sable.moves.documents;

import java.util.Optional;

/** A move with a target that has room for its bytes. */
public record PlannedMove(String endpoint, Optional<String> source, String target, long bytes) {}
