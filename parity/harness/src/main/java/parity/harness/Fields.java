package parity.harness;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How objects of one class of the project are made from fields by name. */
abstract class Fields {
  private static final String SAME_NAMES =
      "if they mean the same, add to the unit: names = \"camel\"";
  private final Converter converter;
  private final Class<?> owner;
  private final List<String> names;

  private Fields(Converter converter, Class<?> owner, List<String> names) {
    this.converter = converter;
    this.owner = owner;
    this.names = names;
  }

  /** By the canonical constructor, the one that takes the fields in order, or by setters. */
  static Fields of(Converter converter, Class<?> owner) {
    if (owner.isRecord()) {
      RecordComponent[] components = owner.getRecordComponents();
      return new Constructed(
          converter,
          owner,
          canonical(owner, components),
          Arrays.stream(components).map(RecordComponent::getName).toList(),
          Arrays.stream(components).map(RecordComponent::getGenericType).toList());
    }
    Optional<Constructor<?>> full = Types.fieldConstructor(owner);
    boolean plain =
        Arrays.stream(owner.getDeclaredConstructors())
            .anyMatch(one -> one.getParameterCount() == 0);
    if (!plain && full.isPresent()) {
      List<Field> fields = Types.instanceFields(owner);
      return new Constructed(
          converter,
          owner,
          full.get(),
          fields.stream().map(Field::getName).toList(),
          fields.stream().map(Field::getGenericType).toList());
    }
    return new Bean(converter, owner);
  }

  private static Constructor<?> canonical(Class<?> owner, RecordComponent[] components) {
    try {
      return owner.getDeclaredConstructor(
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new));
    } catch (NoSuchMethodException error) {
      throw new IllegalStateException(owner.getName() + " has no canonical constructor", error);
    }
  }

  /** The object with these fields. */
  abstract Object make(Map<String, Object> fields, String path) throws Refused;

  /** The object with these fields, in the order in which Java has them. */
  Object inOrder(List<Object> items, String path) throws Refused {
    throw new Refused(owner.getName() + " has no order of its fields");
  }

  /** Whether a call can change it, or anything that it holds. */
  abstract boolean canChange();

  Converter converter() {
    return converter;
  }

  Class<?> owner() {
    return owner;
  }

  List<String> names() {
    return names;
  }

  /** The fields by the names that Java has for them. */
  Map<String, Object> renamed(Map<String, Object> fields) {
    if (!converter.isCamel()) {
      return fields;
    }
    Map<String, Object> renamed = new LinkedHashMap<>();
    fields.forEach(
        (name, value) ->
            renamed.put(names.contains(name) ? name : Paths.camel(name), value));
    return renamed;
  }

  private static String place(String path, String name) {
    return path == null ? null : Paths.member(path, name);
  }

  private static String rootOf(ReflectiveOperationException error) {
    return error.getCause() == null ? error.toString() : error.getCause().toString();
  }

  /** By a constructor that takes them all. */
  private static final class Constructed extends Fields {
    private final Constructor<?> constructor;
    private final List<Taker> takers;

    Constructed(
        Converter converter,
        Class<?> owner,
        Constructor<?> constructor,
        List<String> names,
        List<Type> types) {
      super(converter, owner, names);
      this.constructor = constructor;
      this.takers = converter.takers(types);
      constructor.setAccessible(true);
    }

    @Override
    Object make(Map<String, Object> fields, String path) throws Refused {
      Map<String, Object> given = renamed(fields);
      Object[] values = new Object[takers.size()];
      for (int i = 0; i < values.length; i++) {
        String name = names().get(i);
        Object document = given.get(name);
        if (document == null && !given.containsKey(name)) {
          throw new Refused(
              "there is no `" + name + "` for " + constructor.getName() + spelt(name, given));
        }
        values[i] = takers.get(i).take(document, place(path, name));
      }
      if (given.size() > values.length) {
        throw new Refused(owner().getName() + " has no " + String.join(", ", surplus(given)));
      }
      return made(values, path);
    }

    @Override
    Object inOrder(List<Object> items, String path) throws Refused {
      if (items.size() != takers.size()) {
        throw new Refused(
            "a tuple of %d is not taken by %s, which has %d components: %s"
                .formatted(
                    items.size(), owner().getName(), takers.size(), String.join(", ", names())));
      }
      Object[] values = new Object[items.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = takers.get(i).take(items.get(i), path == null ? null : path + "[" + i + "]");
      }
      return made(values, path);
    }

    private Object made(Object[] values, String path) throws Refused {
      Phase phase = converter().phase();
      phase.subjectRuns(true);
      try {
        Object object = constructor.newInstance(values);
        converter().made(path, object);
        return object;
      } catch (ReflectiveOperationException error) {
        throw new Refused(constructor.getName() + " cannot be made: " + rootOf(error));
      } finally {
        phase.subjectRuns(false);
      }
    }

    private static String spelt(String name, Map<String, Object> given) {
      return given.keySet().stream()
          .filter(one -> Paths.camel(one).equals(name))
          .findFirst()
          .map(one -> ": it is given as `" + one + "`; " + SAME_NAMES)
          .orElse("");
    }

    private List<String> surplus(Map<String, Object> given) {
      return given.keySet().stream().filter(name -> !names().contains(name)).toList();
    }

    @Override
    boolean canChange() {
      return !owner().isRecord() || takers.stream().anyMatch(Taker::canChange);
    }
  }

  /** By its plain constructor, then its setters or fields. */
  private static final class Bean extends Fields {
    private final List<String> required;
    private final Map<String, Place> places = new HashMap<>();
    private Constructor<?> constructor;

    Bean(Converter converter, Class<?> owner) {
      super(converter, owner, settable(owner));
      this.required = Types.required(owner);
    }

    @Override
    Object make(Map<String, Object> fields, String path) throws Refused {
      Phase phase = converter().phase();
      Object bean;
      phase.subjectRuns(true);
      try {
        bean = instance();
      } finally {
        phase.subjectRuns(false);
      }
      converter().made(path, bean);
      Map<String, Object> given = renamed(fields);
      if (!given.keySet().containsAll(required)) {
        List<String> missing = new ArrayList<>(required);
        missing.removeAll(given.keySet());
        throw new Refused("there is no " + String.join(", ", missing) + " for " + owner().getName());
      }
      for (Map.Entry<String, Object> field : given.entrySet()) {
        set(bean, field.getKey(), field.getValue(), path);
      }
      return bean;
    }

    private Object instance() throws Refused {
      try {
        if (constructor == null) {
          constructor = Container.constructor(owner());
        }
        return constructor.newInstance();
      } catch (ReflectiveOperationException error) {
        throw Container.unmade(owner());
      }
    }

    private void set(Object bean, String name, Object document, String path) throws Refused {
      Place place = places.get(name);
      if (place == null) {
        place = found(name);
        places.put(name, place);
      }
      Object value = place.taker.take(document, place(path, name));
      Phase phase = converter().phase();
      phase.subjectRuns(true);
      try {
        if (place.setter != null) {
          place.setter.invoke(bean, value);
        } else {
          place.field.set(bean, value);
        }
      } catch (ReflectiveOperationException error) {
        throw new Refused("`" + name + "` cannot be set: " + rootOf(error));
      } finally {
        phase.subjectRuns(false);
      }
    }

    private Place found(String name) throws Refused {
      String setter = "set" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
      for (Method method : owner().getMethods()) {
        if (method.getName().equals(setter) && method.getParameterCount() == 1) {
          method.setAccessible(true);
          return new Place(method, null, converter().taker(method.getGenericParameterTypes()[0]));
        }
      }
      for (Class<?> at = owner(); at != null && at != Object.class; at = at.getSuperclass()) {
        for (Field field : Types.instanceFields(at)) {
          if (field.getName().equals(name)) {
            field.setAccessible(true);
            return new Place(null, field, converter().taker(field.getGenericType()));
          }
        }
      }
      String camel = Paths.camel(name);
      boolean spelt = !camel.equals(name) && settable(owner()).contains(camel);
      String known = spelt ? ": it has `" + camel + "`; " + SAME_NAMES : "";
      throw new Refused(owner().getName() + " has no `" + name + "`" + known);
    }

    private static List<String> settable(Class<?> type) {
      List<String> names = new ArrayList<>();
      for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
        Types.instanceFields(at).forEach(field -> names.add(field.getName()));
      }
      return names;
    }

    @Override
    boolean canChange() {
      return true;
    }

    /** Where a value goes: a setter, or else a field. */
    private record Place(Method setter, Field field, Taker taker) {}
  }
}
