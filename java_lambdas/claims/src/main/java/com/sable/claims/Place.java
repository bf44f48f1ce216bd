package com.sable.claims;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Where in a workflow a payload comes from; its key says so.
 *
 * @param execution the name of the execution, under which all its payloads are
 * @param attempt 0 for the first attempt of the state
 * @param invocation what no other invocation has: items of a Map share all of the above
 */
public record Place(String execution, String state, long attempt, String invocation) {
  private static final int LONGEST_PART = 240; // four of them are below the 1,024 bytes of a key

  String key() {
    return String.join("/", part(execution), part(state), attempt + "-" + part(invocation));
  }

  /** Names of states may hold any character; those that mean something in a path are written out. */
  private static String part(String name) {
    String safe = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("*", "%2A");
    if (safe.equals(".") || safe.equals("..") || safe.isEmpty()) {
      return "_" + safe;
    } else if (safe.length() <= LONGEST_PART) {
      return safe;
    }
    String digest = Digests.sha256(name.getBytes(StandardCharsets.UTF_8));
    return safe.substring(0, LONGEST_PART - digest.length() - 1) + "-" + digest;
  }
}
