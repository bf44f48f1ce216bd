package parity.harness;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import parity.world.Outside;
import parity.world.Threads;
import parity.world.Unanswered;

/** The ports of one unit: what stands in for them, and what their calls are answered with. */
final class Ports {
  private static volatile boolean any;
  private final List<Port> ports;
  private final List<String> outside; // ways to the world that are answered
  private final UserLoader loader;
  private final Exceptions exceptions;
  private final Map<String, Object> made = new HashMap<>();
  private final Map<Port, Converter> converters = new HashMap<>();
  private Map<String, Map<Kind, Rule>> table;
  private Writer writer;
  private volatile PortCalls calls;

  Ports(List<Port> ports, UserLoader loader, Exceptions exceptions) {
    this.ports = ports.stream().filter(one -> !OutsideCalls.PORTS.contains(one.id())).toList();
    this.outside = ports.stream().map(Port::id).filter(OutsideCalls.PORTS::contains).toList();
    Outside.prepare(outside);
    this.loader = loader;
    this.exceptions = exceptions;
  }

  /** How values cross: known once the supervisor has said it. */
  void equip(Map<String, Map<Kind, Rule>> types, int maxItems) {
    table = types;
    writer = new Writer(maxItems, runs -> {});
    converters.clear();
  }

  // ------------------------------------------------------------ what stands in

  /** What every call of a stand-in comes to. */
  private record Handler(Ports ports, Port port, String name) implements InvocationHandler {
    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
      return ports.call(this, proxy, method, arguments == null ? new Object[0] : arguments);
    }
  }

  /** What stands for a port, by its name in fixtures: {@code module:Class}, maybe with a label. */
  synchronized Object standIn(String name) throws Problem {
    Object known = made.get(name);
    if (known == null) {
      Port port = port(name);
      known = StandIns.of(type(port), new Handler(this, port, name), loader);
      made.put(name, known);
      any = true;
    }
    return known;
  }

  private Port port(String name) throws Problem {
    String id = name.replaceAll("#.*", "");
    for (Port port : ports) {
      if (port.id().equals(id)) {
        return port;
      }
    }
    throw new Problem(
        "java_port_unknown", "there is no port `" + id + "`", "the map has none", "add it");
  }

  private Class<?> type(Port port) throws Problem {
    String tried = port.type();
    while (true) {
      try {
        return Class.forName(tried, false, loader);
      } catch (ClassNotFoundException | LinkageError missing) {
        int dot = tried.lastIndexOf('.');
        if (dot < 0) {
          throw new Problem(
              "java_class_not_found",
              "there is no Java class `" + port.type() + "`",
              "the port `" + port.id() + "` is mapped to it",
              "check the name in [port.\"" + port.id() + "\"]");
        }
        tried = tried.substring(0, dot) + "$" + tried.substring(dot + 1);
      }
    }
  }

  /** The name that fixtures have for what stands in for a port, or null. */
  static String nameOf(Object value) {
    return any && StandIns.handler(value) instanceof Handler handler ? handler.name : null;
  }

  // ------------------------------------------------------------ what takes one

  /** The port whose type this is, or null. */
  Port of(Type type) {
    Class<?> raw = Types.raw(type);
    return ports.stream().filter(port -> port.isOf(raw)).findFirst().orElse(null);
  }

  /** Refuses what cannot stand in for a parameter of a method. */
  void check(Executable executable) throws Problem {
    for (Type type : executable.getGenericParameterTypes()) {
      if (of(type) != null) {
        standIn(of(type).id());
      }
    }
  }

  /** The constructor that takes ports and, beside them, so many others; the most ports first. */
  Optional<Constructor<?>> constructor(Class<?> owner, int others) {
    return Arrays.stream(owner.getDeclaredConstructors())
        .filter(one -> count(one) > 0 && one.getParameterCount() - count(one) == others)
        .max(
            Comparator.<Constructor<?>>comparingLong(this::count)
                .thenComparing(Constructor::toString))
        .map(one -> (Constructor<?>) one);
  }

  private long count(Executable executable) {
    return Arrays.stream(executable.getParameterTypes()).filter(one -> of(one) != null).count();
  }

  /** The arguments of a constructor: stand-ins where it takes ports, else the next of {@code others}. */
  Object[] filled(Constructor<?> constructor, Object[] others) throws Problem {
    Parameter[] parameters = constructor.getParameters();
    Object[] arguments = new Object[parameters.length];
    int next = 0;
    for (int i = 0; i < arguments.length; i++) {
      Port port = of(parameters[i].getType());
      arguments[i] = port == null ? others[next++] : standIn(label(port, parameters, i));
    }
    return arguments;
  }

  private static String label(Port port, Parameter[] parameters, int index) throws Problem {
    long alike =
        Arrays.stream(parameters).filter(one -> port.isOf(one.getType())).count();
    if (alike == 1) {
      return port.id();
    } else if (parameters[index].isNamePresent()) {
      return port.id() + "#" + Port.snake(parameters[index].getName());
    }
    throw new Problem(
        "java_port_ambiguous",
        "`" + parameters[index].getDeclaringExecutable() + "` takes " + alike + " of one port",
        "which is which is not known without the names of its parameters",
        "compile with -parameters, or say it: receiver = 'new …("
            + port.variable() + "Of(\"label\"), …)'");
  }

  /** Makes instances by a constructor that takes nothing but ports, or null. */
  Subject.Maker maker(Class<?> owner) throws Problem {
    Constructor<?> chosen = constructor(owner, 0).orElse(null);
    if (chosen == null || Modifier.isAbstract(owner.getModifiers())) {
      return null;
    }
    chosen.setAccessible(true);
    Object[] arguments = filled(chosen, new Object[0]);
    return () -> Loader.construct(chosen, arguments);
  }

  // ------------------------------------------------------------ texts

  /** What a class of texts declares, so that they can name the ports. */
  static String declarations(List<Port> ports, List<String> texts) {
    StringBuilder made = new StringBuilder();
    for (Port port : ports) {
      if (texts.stream().anyMatch(port::isNamedIn)) {
        String type = port.type().replace('$', '.');
        made.append("public static ").append(type).append(' ').append(port.variable());
        made.append(";\npublic static java.util.function.BiFunction<String, String, Object> ");
        made.append(port.variable()).append("Port;\npublic static ").append(type).append(' ');
        made.append(port.variable()).append("Of(String label) { return (").append(type);
        made.append(") ").append(port.variable()).append("Port.apply(\"").append(port.id());
        made.append("\", label); }\n");
      }
    }
    return made.toString();
  }

  /** Fills what {@link #declarations} has declared. */
  void fill(Class<?> texts) throws Problem {
    BiFunction<String, String, Object> labelled =
        (id, label) -> {
          try {
            return standIn(id + "#" + label);
          } catch (Problem problem) {
            throw new IllegalStateException(problem.getMessage());
          }
        };
    for (Port port : ports) {
      try {
        Field field = texts.getDeclaredField(port.variable());
        field.set(null, standIn(port.id()));
        texts.getDeclaredField(port.variable() + "Port").set(null, labelled);
      } catch (NoSuchFieldException unnamed) {
        continue;
      } catch (IllegalAccessException | IllegalArgumentException error) {
        throw new Problem("harness", "a port cannot be set", error.toString(), "run again");
      }
    }
  }

  // ------------------------------------------------------------ calls

  /** From now on the calls of a fixture are answered. */
  void begin(List<?> recorded) {
    calls = new PortCalls(this, recorded);
    if (!outside.isEmpty()) {
      Outside.prepare(outside); // system properties are as they were before each fixture
      Outside.answer(new OutsideCalls(outside, calls));
    }
  }

  /** The calls of the fixture, which is over. */
  PortCalls end() {
    PortCalls ended = calls;
    calls = null;
    Outside.answer(null);
    return ended;
  }

  private Object call(Handler handler, Object proxy, Method method, Object[] arguments)
      throws Throwable {
    String shown = handler.name + "." + method.getName();
    switch (method.getName() + arguments.length) {
      case "hashCode0":
        return System.identityHashCode(proxy);
      case "equals1":
        return proxy == arguments[0];
      case "toString0":
        return "port " + handler.name;
      default:
        break;
    }
    PortCalls now = calls;
    if (now == null || Threads.isLeft(Thread.currentThread())) {
      throw new Unanswered(shown + " was called outside of a fixture");
    }
    if (method.isDefault() && !now.knows(handler.port, handler.name, method)) {
      Class<?> owner = method.getDeclaringClass();
      return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
          .unreflectSpecial(method, owner)
          .bindTo(proxy)
          .invokeWithArguments(arguments);
    }
    return now.answer(handler.port, handler.name, method, arguments);
  }

  /** The arguments of a call as text in fixture form; starred ones stand one by one. */
  String written(Method method, Object[] arguments) throws Formless {
    List<Object> given = new ArrayList<>(Arrays.asList(arguments));
    if (method.isVarArgs() && arguments[arguments.length - 1] != null) {
      Object rest = given.remove(given.size() - 1);
      for (int i = 0; i < Array.getLength(rest); i++) {
        given.add(Array.get(rest, i));
      }
    }
    return written(given);
  }

  /** Values as text in fixture form. */
  String written(List<Object> values) throws Formless {
    Text text = new Text();
    writer.write(values, "$args", text);
    return text.toString();
  }

  /** What a method's parameters make of recorded arguments, read again from what that writes. */
  Object held(Port port, Method method, List<?> documents) throws Refused {
    Type[] types = method.getGenericParameterTypes();
    int fixed = method.isVarArgs() ? types.length - 1 : types.length;
    if (method.isVarArgs() ? documents.size() < fixed : documents.size() != fixed) {
      return null;
    }
    Converter converter = converter(port);
    List<Object> taken = new ArrayList<>();
    for (int i = 0; i < documents.size(); i++) {
      Type type = i < fixed ? types[i] : Types.component(types[fixed]);
      taken.add(converter.convert(documents.get(i), type, "$args[" + i + "]"));
    }
    try {
      return Json.parse(written(taken));
    } catch (Formless formless) {
      throw new Refused(formless.getMessage());
    }
  }

  private Converter converter(Port port) {
    Converter converter =
        converters.computeIfAbsent(port, one -> new Converter(table, one.camel(), runs -> {}));
    converter.serve(this);
    converter.begin(true);
    return converter;
  }

  /** What a recorded call gave or raised, as the method gives or raises it. */
  Object reply(Port port, Method method, Map<?, ?> document, String shown) throws Throwable {
    Type type = method.getGenericReturnType();
    Class<?> raw = Types.raw(type);
    boolean later = raw == CompletionStage.class || raw == CompletableFuture.class || raw == Future.class;
    Throwable error = null;
    try {
      if (document.containsKey("raised")) {
        Map<?, ?> raised = (Map<?, ?>) document.get("raised");
        error = exceptions.of(raised, method, type(port), later, converter(port));
      } else if (raw == void.class || raw == Void.class) {
        return null;
      } else if (!later) {
        return converter(port).convert(document.get("returned"), type, "$");
      }
      if (error == null) {
        Type inner = Types.argument(type, 0);
        boolean empty = Types.raw(inner) == Void.class;
        Object value =
            empty ? null : converter(port).convert(document.get("returned"), inner, "$");
        return CompletableFuture.completedFuture(value);
      }
    } catch (Refused | Problem refused) {
      throw calls.refuse("the reply of " + shown + " cannot be had: " + refused.getMessage());
    }
    if (later) {
      return CompletableFuture.failedFuture(error);
    }
    throw error;
  }
}
