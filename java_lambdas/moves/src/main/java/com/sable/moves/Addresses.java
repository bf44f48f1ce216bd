package com.sable.moves;

/** Where storage hosts are. */
@FunctionalInterface
public interface Addresses {
  /** The address of a host, by its name. */
  String of(String host);

  /** Those that are registered. */
  static Addresses registered(Replica replica) {
    return host -> (String) replica.view("hosts", host, "address");
  }
}
