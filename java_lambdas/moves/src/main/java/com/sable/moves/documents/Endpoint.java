package com.sable.moves.documents;

import java.util.Optional;

/** An endpoint: where it lives, its bytes, and who holds it. */
public record Endpoint(String host, long bytes, Optional<String> locked_by, long version) {
  /** A registered endpoint. */
  public static Endpoint of(Object value) {
    Document endpoint = Document.of(value);
    return new Endpoint(
        endpoint.text("host"),
        endpoint.whole("bytes"),
        endpoint.findText("locked_by"),
        endpoint.findWhole("version").orElse(1L));
  }
}
