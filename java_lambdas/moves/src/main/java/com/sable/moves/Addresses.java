package com.sable.moves;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Where storage hosts are. */
@FunctionalInterface
public interface Addresses {
  /** The address of a host, by its name. */
  String of(String host);

  /** Those that are registered. */
  static Addresses registered(Replica replica) {
    return host -> (String) replica.view("hosts", host, "address");
  }

  /** These, and others for hosts that these know nothing of. */
  default Addresses or(Addresses others) {
    return host -> Optional.ofNullable(of(host)).orElseGet(() -> others.of(host));
  }

  /** These, each asked for once: an attempt that finds nobody there is followed by another. */
  default Addresses remembered() {
    Map<String, String> known = new ConcurrentHashMap<>();
    return host -> known.computeIfAbsent(host, this::of);
  }
}
