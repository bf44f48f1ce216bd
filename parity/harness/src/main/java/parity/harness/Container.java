package parity.harness;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Which collection or map is made for a declared type, and how it is filled. */
final class Container {
  private static final List<Class<?>> LISTS =
      List.of(ArrayList.class, LinkedList.class, ArrayDeque.class);
  private static final List<Class<?>> BAGS = List.of(LinkedHashSet.class, TreeSet.class);
  private static final List<Class<?>> MAPS =
      List.of(LinkedHashMap.class, TreeMap.class, ConcurrentHashMap.class);
  private final Class<?> declared;
  private final Class<?> made;
  private final boolean foreign;
  private final Phase phase;
  private Constructor<?> constructor;

  private Container(Class<?> declared, List<Class<?>> candidates, boolean lazy, Phase phase) {
    this.declared = declared;
    this.made = isOpen(declared) ? candidate(declared, candidates, lazy) : declared;
    this.foreign = made != null && !Types.isLibrary(made);
    this.phase = phase;
  }

  static Container list(Class<?> declared, Phase phase) {
    return new Container(declared, LISTS, !Iterable.class.isAssignableFrom(declared), phase);
  }

  static Container bag(Class<?> declared, Phase phase) {
    return new Container(declared, BAGS, !Iterable.class.isAssignableFrom(declared), phase);
  }

  static Container map(Class<?> declared, Phase phase) {
    return new Container(declared, MAPS, false, phase);
  }

  /** Whether a declared type leaves open which class to make. */
  private static boolean isOpen(Class<?> type) {
    return type == Object.class || type.isInterface() || Modifier.isAbstract(type.getModifiers());
  }

  private static Class<?> candidate(Class<?> declared, List<Class<?>> candidates, boolean lazy) {
    for (Class<?> candidate : candidates) {
      if (lazy || declared.isAssignableFrom(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  /** A new collection. */
  @SuppressWarnings("unchecked")
  Collection<Object> collection(int size) throws Refused {
    if (made == ArrayList.class) {
      return new ArrayList<>(size);
    }
    return made == LinkedHashSet.class
        ? new LinkedHashSet<>()
        : (Collection<Object>) instance();
  }

  /** A new map. */
  @SuppressWarnings("unchecked")
  Map<Object, Object> map() throws Refused {
    return made == LinkedHashMap.class
        ? new LinkedHashMap<>()
        : (Map<Object, Object>) instance();
  }

  private Object instance() throws Refused {
    phase.subjectRuns(foreign);
    try {
      if (constructor == null) {
        constructor = constructor(made);
      }
      return constructor.newInstance();
    } catch (ReflectiveOperationException error) {
      throw unmade(declared);
    } finally {
      phase.subjectRuns(false);
    }
  }

  /** The constructor without arguments; {@code type} may be null. */
  static Constructor<?> constructor(Class<?> type) throws NoSuchMethodException {
    if (type == null) {
      throw new NoSuchMethodException();
    }
    Constructor<?> constructor = type.getDeclaredConstructor();
    if (!Types.isLibrary(type)) {
      constructor.setAccessible(true);
    }
    return constructor;
  }

  static Refused unmade(Class<?> declared) {
    return new Refused(
        "no " + Types.shown(declared) + " can be made: it has no plain constructor");
  }

  void add(Collection<Object> target, Object value) throws Refused {
    if (made == ArrayList.class) {
      target.add(value);
      return;
    }
    phase.subjectRuns(true); // sets hash and compare what the subject has defined
    try {
      target.add(value);
    } catch (NullPointerException | ClassCastException | UnsupportedOperationException error) {
      throw new Refused(target.getClass().getName() + " does not take the element " + value);
    } finally {
      phase.subjectRuns(false);
    }
  }

  void put(Map<Object, Object> target, Object key, Object value) throws Refused {
    boolean plain = made == LinkedHashMap.class && key instanceof String;
    if (plain) {
      target.put(key, value);
      return;
    }
    phase.subjectRuns(true);
    try {
      target.put(key, value);
    } catch (NullPointerException | ClassCastException error) {
      throw new Refused(
          declared.getSimpleName() + " does not take the entry " + key + ", " + value);
    } finally {
      phase.subjectRuns(false);
    }
  }
}
