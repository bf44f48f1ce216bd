package com.sable.moves.documents;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A JSON object as Lambda hands it over, read by name and type. Lambda's own mapping to classes is
 * not used for what comes in: it knows no records, makes 0 of a missing number and 1 of 1.5.
 *
 * <p>Without {@code find}, a missing member raises {@link NoSuchElementException} and null {@link
 * NullPointerException}; a member of another type raises {@link ClassCastException} always.
 */
public final class Document {
  private final Map<?, ?> members;

  private Document(Map<?, ?> members) {
    this.members = members;
  }

  /** The object that a value is. */
  public static Document of(Object value) {
    return new Document((Map<?, ?>) Objects.requireNonNull(value));
  }

  /** This object with one more member, or with another value of it. */
  public Document with(String name, Object value) {
    Map<Object, Object> more = new LinkedHashMap<>(members);
    more.put(name, value);
    return new Document(more);
  }

  /** This object with the members of another one, whose values count. */
  public Document with(Document other) {
    Map<Object, Object> more = new LinkedHashMap<>(members);
    more.putAll(other.members);
    return new Document(more);
  }

  /** The value of a member, which may be null. */
  public Object get(String name) {
    if (!members.containsKey(name)) {
      throw new NoSuchElementException(name);
    }
    return members.get(name);
  }

  public String text(String name) {
    return (String) present(name);
  }

  /** A whole number; {@link ArithmeticException} beyond 64 bits. */
  public long whole(String name) {
    return wholeOf(present(name));
  }

  public double number(String name) {
    return ((Number) present(name)).doubleValue();
  }

  public boolean flag(String name) {
    return (Boolean) present(name);
  }

  public Document document(String name) {
    return of(present(name));
  }

  /** The items of a list. */
  public <T> List<T> list(String name, Function<Object, T> read) {
    return ((List<?>) present(name)).stream().<T>map(read).toList();
  }

  /** The members of an object whose names are data, in their order. */
  public <T> Map<String, T> entries(String name, Function<Object, T> read) {
    Map<String, T> entries = new LinkedHashMap<>();
    document(name).members.forEach((key, value) -> entries.put((String) key, read.apply(value)));
    return entries;
  }

  /** The names of an object's members. */
  public Set<String> names(String name) {
    return entries(name, value -> value == null ? "" : value).keySet();
  }

  /** The value of a member, unless it is missing or null. */
  public Optional<Object> find(String name) {
    return Optional.ofNullable(members.get(name));
  }

  public Optional<String> findText(String name) {
    return find(name).map(String.class::cast);
  }

  public Optional<Long> findWhole(String name) {
    return find(name).map(Document::wholeOf);
  }

  public Optional<Double> findNumber(String name) {
    return find(name).map(number -> ((Number) number).doubleValue());
  }

  public boolean findFlag(String name) {
    return find(name).map(Boolean.class::cast).orElse(false);
  }

  /** A value as a whole number. */
  public static long wholeOf(Object value) {
    return value instanceof BigInteger large ? large.longValueExact() : smallOf(value);
  }

  private static long smallOf(Object value) {
    return value instanceof Integer number ? number : (Long) Objects.requireNonNull(value);
  }

  private Object present(String name) {
    return Objects.requireNonNull(get(name), name);
  }
}
