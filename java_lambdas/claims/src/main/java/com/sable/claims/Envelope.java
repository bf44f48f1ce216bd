package com.sable.claims;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The event of a state with what its claims need to know: {@code {"claims": {"execution", "state",
 * "attempt", "always"}, "event": …}}. Anything else is an event without.
 *
 * @param members of {@code claims}; empty if there is no envelope
 * @param event the bytes of the event itself
 */
record Envelope(Optional<Map<String, Object>> members, byte[] event) {
  private static final JsonFactory JSON = new JsonFactory();

  static Envelope open(byte[] json) {
    try (JsonParser parser = JSON.createParser(json)) {
      return open(json, parser);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** Where the result of this attempt goes if it goes to the bucket. */
  Place place(String function, String invocation) {
    Map<String, Object> known = members.orElse(Map.of());
    return new Place(
        known.get("execution") instanceof String execution ? execution : "no-execution",
        known.get("state") instanceof String state ? state : function,
        known.get("attempt") instanceof Long attempt ? attempt : 0,
        invocation);
  }

  /** Whether the result is to go to the bucket however small it is. */
  boolean always() {
    return Boolean.TRUE.equals(members.orElse(Map.of()).get("always"));
  }

  private static Envelope open(byte[] json, JsonParser parser) throws IOException {
    Map<String, Object> members = null;
    byte[] event = null;
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return new Envelope(Optional.empty(), json);
    }
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken value = parser.nextToken();
      if (name.equals("claims") && value == JsonToken.START_OBJECT) {
        members = scalars(parser);
      } else if (name.equals("event")) {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        event = Arrays.copyOfRange(json, from, (int) parser.currentLocation().getByteOffset());
      } else {
        return new Envelope(Optional.empty(), json);
      }
    }
    boolean whole = members != null && event != null;
    return whole ? new Envelope(Optional.of(members), event) : new Envelope(Optional.empty(), json);
  }

  /** The members of an object that are no objects or arrays; stands at its end afterwards. */
  static Map<String, Object> scalars(JsonParser parser) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      switch (parser.nextToken()) {
        case VALUE_STRING -> members.put(name, parser.getText());
        case VALUE_NUMBER_INT -> members.put(name, parser.getLongValue());
        case VALUE_TRUE -> members.put(name, true);
        case VALUE_FALSE -> members.put(name, false);
        default -> {
          members.put(name, Optional.empty());
          parser.skipChildren();
        }
      }
    }
    return members;
  }
}
