package com.sable.moves;

/** What is known of the fleet: hosts, endpoints and their routes, workflows. */
public interface FleetState {
  /** A copy of the part at {@code path}; null where there is nothing. */
  Object view(String... path);
}
