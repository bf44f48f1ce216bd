package com.sable.infra;

/** Names that more than one stack knows. */
final class Names {
  /** The state machine. */
  static final String MACHINE = "BatchMoveEndpoint";

  /** The alias that callers start, and the one of each function. */
  static final String LIVE = "live";

  private Names() {}
}
