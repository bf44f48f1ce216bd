package com.sable.moves;

import java.util.Map;

/** The storage hosts, as whoever moves endpoints between them calls them. */
public interface StorageHosts {
  /**
   * The reply of a host; its named error is raised.
   *
   * @param body the object that is sent, or null for none
   * @param timeout seconds that the host may take
   */
  Map<String, Object> call(
      String address, String method, String path, Map<String, Object> body, double timeout);

  /** What a host tells of itself. */
  default Map<String, Object> get(String address, String path) {
    return call(address, "GET", path, null, 5.0);
  }
}
