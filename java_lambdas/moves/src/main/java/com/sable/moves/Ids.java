package com.sable.moves;

import java.util.UUID;

/** Names of workflows. */
@FunctionalInterface
public interface Ids {
  /** Names that nobody else draws. */
  Ids RANDOM = () -> "batch-" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);

  /** A name that no other workflow has. */
  String next();
}
