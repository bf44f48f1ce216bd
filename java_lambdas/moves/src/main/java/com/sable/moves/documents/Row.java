package com.sable.moves.documents;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A record of an endpoint, and the number of the write that it comes from. */
public record Row(String key, Optional<String> value, long seq) {
  /** A row, which is the list of its parts. */
  public static Row of(Object value) {
    List<?> parts = (List<?>) value;
    if (parts.size() != 3) {
      throw new IllegalArgumentException("a row of " + parts.size() + " parts");
    }
    String key = (String) Objects.requireNonNull(parts.get(0));
    return new Row(key, Optional.ofNullable((String) parts.get(1)), Document.wholeOf(parts.get(2)));
  }
}
