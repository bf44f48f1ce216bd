package com.sable.moves;

import com.sable.moves.documents.Endpoint;
import com.sable.moves.documents.Host;
import com.sable.moves.text.NameKey;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Bytes that are free on hosts. They are below zero where a host holds more than it should, which
 * is as much as callers say of their endpoints: more than 64 bits hold.
 */
final class Room {
  private Room() {}

  /** What each host has left. */
  static Map<String, BigInteger> free(Map<String, Endpoint> endpoints, Map<String, Host> hosts) {
    Map<String, BigInteger> free = new HashMap<>();
    hosts.forEach((name, host) -> free.put(name, BigInteger.valueOf(host.capacity())));
    for (Endpoint endpoint : endpoints.values()) {
      take(endpoint.bytes(), endpoint.host(), free);
    }
    return free;
  }

  /** Takes bytes of a host; {@link NoSuchElementException} where nobody knows it. */
  static void take(long bytes, String host, Map<String, BigInteger> free) {
    free.put(host, at(host, free).subtract(BigInteger.valueOf(bytes)));
  }

  /** The bytes that are free on a host; {@link NoSuchElementException} where nobody knows it. */
  static BigInteger at(String host, Map<String, BigInteger> free) {
    return Optional.ofNullable(free.get(host)).orElseThrow();
  }

  /** The host with the most room after the move; among equals the first by name. */
  static Optional<String> chooseTarget(
      long bytes, Optional<String> source, Map<String, BigInteger> free) {
    BigInteger size = BigInteger.valueOf(bytes);
    return free.entrySet().stream()
        .filter(host -> !Optional.of(host.getKey()).equals(source))
        .filter(host -> host.getValue().compareTo(size) >= 0)
        .min(
            Map.Entry.<String, BigInteger>comparingByValue(Comparator.reverseOrder())
                .thenComparing(host -> NameKey.of(host.getKey())))
        .map(Map.Entry::getKey);
  }
}
