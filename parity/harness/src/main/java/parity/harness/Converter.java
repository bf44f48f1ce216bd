package parity.harness;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From fixture form to declared Java types, by the type table and nothing else. What a type makes
 * of each kind is worked out once.
 */
final class Converter {
  private final Map<String, Map<Kind, Rule>> table;
  private final boolean camel;
  private final Phase phase;
  private final Map<Type, Taker> takers = new HashMap<>();
  // What was made at which place; null where the fixture refers to nothing.
  private Map<String, Object> made;
  private Ports ports;

  Converter(Map<String, Map<Kind, Rule>> table, boolean camel, Phase phase) {
    this.table = table;
    this.camel = camel;
    this.phase = phase;
  }

  /** The table as it crossed the border. */
  static Map<String, Map<Kind, Rule>> table(Map<String, Map<String, String>> document) {
    Map<String, Kind> kinds = new HashMap<>();
    for (Kind kind : Kind.values()) {
      kinds.put(kind.word(), kind);
    }
    Map<String, Map<Kind, Rule>> table = new HashMap<>();
    document.forEach(
        (row, cells) -> {
          Map<Kind, Rule> rules = new EnumMap<>(Kind.class);
          cells.forEach((kind, rule) -> rules.put(kinds.get(kind), Rule.of(rule)));
          table.put(row, rules);
        });
    return table;
  }

  /** Starts with a new fixture; {@code referring} says whether it has a {@code $ref}. */
  void begin(boolean referring) {
    made = referring ? new HashMap<>() : null;
  }

  boolean isReferring() {
    return made != null;
  }

  boolean isCamel() {
    return camel;
  }

  Phase phase() {
    return phase;
  }

  /** What takes values for a declared type. */
  Taker taker(Type type) {
    Taker taker = takers.get(type);
    if (taker == null) {
      taker = new Taker(this, type, table.getOrDefault(Types.row(type), Map.of()));
      takers.put(type, taker);
    }
    return taker;
  }

  /** What takes values for each of some types. */
  List<Taker> takers(List<Type> types) {
    List<Taker> all = new ArrayList<>(types.size());
    for (Type type : types) {
      all.add(taker(type));
    }
    return all;
  }

  /** The Java value of a document at {@code path}. */
  Object convert(Object document, Type type, String path) throws Refused {
    return taker(type).take(document, made == null ? null : path);
  }

  /** Remembers what was made at {@code path}; nobody asks for it where that is null. */
  void made(String path, Object value) {
    if (path != null) {
      made.put(path, value);
    }
  }

  /** What was made at {@code path}. */
  Object again(String path, Class<?> type) throws Refused {
    Object value = made == null ? null : made.get(path);
    if (value == null) {
      throw new Refused.Unmade(path);
    }
    if (!type.isInstance(value)) {
      throw new Refused("it is the same object as " + path + ", which was given as another type");
    }
    return value;
  }

  /** From now on values may be what stands for these ports. */
  void serve(Ports served) {
    ports = served;
  }

  /** What stands for a port. */
  Object port(String name, Class<?> type) throws Refused {
    if (ports == null) {
      throw new Refused("the unit has no ports");
    }
    try {
      Object standIn = ports.standIn(name);
      if (!type.isInstance(standIn)) {
        throw new Refused("the port " + name + " is no " + type.getName());
      }
      return standIn;
    } catch (Problem problem) {
      throw new Refused(problem.getMessage() + ": " + problem.document().get("why"));
    }
  }

  /** Forgets what was made for the root {@code path}. */
  void forget(String path) {
    made.keySet().removeIf(place -> place.startsWith(path));
  }
}
