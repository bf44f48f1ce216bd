package com.sable.moves;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Documents as text; null is kept. */
final class Json {
  private static final JSON CODEC = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

  private Json() {}

  static String text(Object value) {
    try {
      return CODEC.asString(value);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** The value of a text, in mutable maps and lists. */
  static Object value(String text) throws IOException {
    return CODEC.anyFrom(text);
  }

  /** The object of a text. */
  static Map<String, Object> object(String text) throws IOException {
    return CODEC.mapFrom(text);
  }

  /** A copy of a document that shares nothing with it. */
  static Object copy(Object value) {
    try {
      return value(text(value));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** An object as what it is; its names are texts. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  /** The object that is a member, made where there is none. */
  static Map<String, Object> within(Map<String, Object> outer, String name) {
    return map(outer.computeIfAbsent(name, none -> new LinkedHashMap<String, Object>()));
  }
}
