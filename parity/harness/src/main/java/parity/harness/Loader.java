package parity.harness;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds what the map names; says what is not there, with the nearest names. */
final class Loader {
  private static final Pattern SPACES_AND_GENERICS = Pattern.compile("<[^()]*>|\\s");
  private final List<Path> classPath;
  private final Path cache;
  private final URL[] entries;
  private final UserLoader shared;
  private final Map<String, Subject> subjects = new HashMap<>();

  Loader(List<Path> classPath, Path cache) throws IOException {
    this.classPath = classPath;
    this.cache = cache;
    this.entries = new URL[classPath.size()];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = classPath.get(i).toUri().toURL();
    }
    this.shared = new UserLoader(entries);
  }

  /** Each unit's subject, or the problem that it has. */
  Map<String, Object> load(List<Map<String, Object>> units) throws IOException {
    Expressions expressions = new Expressions(classPath, cache);
    Map<String, String> homes = new LinkedHashMap<>();
    for (Map<String, Object> unit : units) {
      boolean written = unit.get("expression") != null || unit.get("body") != null;
      if (written || unit.get("receiver") != null) {
        String id = (String) unit.get("id");
        homes.put(id, expressions.add(id, homes.size(), unit));
      }
    }
    Map<String, byte[]> compiled = expressions.compile();
    shared.add(compiled);
    Map<String, Object> loaded = new LinkedHashMap<>();
    for (Map<String, Object> unit : units) {
      String id = (String) unit.get("id");
      try {
        if (expressions.problem(id) != null) {
          throw expressions.problem(id);
        }
        UserLoader loader = shared;
        if (Boolean.TRUE.equals(unit.get("isolate"))) {
          loader = new UserLoader(entries);
          loader.add(compiled);
        }
        Thread.currentThread().setContextClassLoader(loader);
        Subject subject = subject(unit, loader, homes.get(id));
        subjects.put(id, subject);
        loaded.put(id, subject);
      } catch (Problem problem) {
        loaded.put(id, problem);
      }
    }
    return loaded;
  }

  /** The subject of a unit at the start of a batch. */
  Subject begin(String unit) throws Problem {
    return subjects.get(unit);
  }

  /** What the unit's classes came from, at the end of a batch. */
  Map<String, Object> trace(String unit) {
    return Map.of(
        "classes", Map.of(), "resources", Map.of(), "absent", List.of(), "beyond", List.of());
  }

  private Subject subject(Map<String, Object> unit, UserLoader loader, String home) throws Problem {
    boolean camel = "camel".equals(unit.get("names"));
    Subject.Maker receiver = null;
    Class<?> texts = home == null ? null : known(home, loader);
    if (unit.get("receiver") != null) {
      Method made = declared(texts, "receiver");
      receiver = () -> invoke(made, null);
    }
    if (unit.get("expression") != null || unit.get("body") != null) {
      return expression(unit, texts, camel);
    }
    String reference = SPACES_AND_GENERICS.matcher((String) unit.get("java")).replaceAll("");
    int hash = reference.indexOf('#');
    Class<?> owner = known(hash < 0 ? reference : reference.substring(0, hash), loader);
    if (hash >= 0) {
      return method(
          owner, reference.substring(hash + 1), receiver, camel, (String) unit.get("java"));
    }
    if (Handlers.isHandler(owner)) {
      return Handlers.subject(owner, receiver, source(owner));
    }
    if (!Boolean.TRUE.equals(unit.get("class_unit"))) {
      throw new Problem(
          "not_a_handler",
          "`" + owner.getName() + "` is no Lambda handler",
          "it implements neither RequestHandler nor RequestStreamHandler",
          "name one of its methods: java = \"" + owner.getName() + "#method\"");
    }
    return new Subject(
        Subject.Kind.CLASS,
        owner,
        List.of(),
        List.of(),
        false,
        false,
        null,
        receiver,
        camel,
        source(owner));
  }

  private static Subject expression(Map<String, Object> unit, Class<?> texts, boolean camel)
      throws Problem {
    Method call = declared(texts, "call");
    List<String> names = new ArrayList<>();
    for (Object parameter : (List<?>) unit.get("parameters")) {
      names.add((String) ((List<?>) parameter).get(0));
    }
    return new Subject(
        Subject.Kind.EXPRESSION,
        texts,
        names,
        List.of(call.getGenericParameterTypes()),
        false,
        true,
        (receiver, arguments) -> invoke(call, null, arguments),
        null,
        camel,
        null);
  }

  private static Method declared(Class<?> type, String name) throws Problem {
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals(name)) {
        return method;
      }
    }
    throw new Problem("harness", "a compiled text is gone", name, "run again");
  }

  // ------------------------------------------------------------ classes

  /** The class of that name, initialised; nested ones may be written with a dot. */
  private Class<?> known(String name, UserLoader loader) throws Problem {
    String tried = name;
    while (true) {
      try {
        return initialised(Class.forName(tried, false, loader), loader);
      } catch (ClassNotFoundException | NoClassDefFoundError missing) {
        int dot = tried.lastIndexOf('.');
        boolean other = missing instanceof NoClassDefFoundError error && !isCase(error, tried);
        if (other) {
          throw missingClass(name, missing.getMessage());
        }
        if (dot < 0) {
          throw notFound(name);
        }
        tried = tried.substring(0, dot) + "$" + tried.substring(dot + 1);
      } catch (UnsupportedClassVersionError error) {
        throw tooNew(name, error);
      } catch (LinkageError error) {
        throw new Problem(
            "java_class_broken",
            "`" + name + "` cannot be loaded",
            error.toString(),
            "build it again with the class path that it runs on");
      }
    }
  }

  // On file systems that ignore case, a wrong case gives this error instead of the other.
  private static boolean isCase(NoClassDefFoundError error, String name) {
    return error.getMessage() != null
        && error.getMessage().contains("wrong name")
        && error.getMessage().startsWith(name.replace('.', '/'));
  }

  private Problem notFound(String name) {
    return new Problem(
        "java_class_not_found",
        "there is no Java class `" + name + "`",
        "none of the " + classPath.size() + " entries of the class path has it",
        "check the name, or the class path in [java] of the config",
        Names.nearest(name, Names.classes(classPath)));
  }

  private static Problem missingClass(String name, String missing) {
    return new Problem(
        "java_class_missing",
        "`" + name + "` needs a class that is not there",
        String.valueOf(missing).replace('/', '.') + " is not on the class path",
        "add the jar or folder that has it to the class path");
  }

  private static Problem tooNew(String name, UnsupportedClassVersionError error) {
    return new Problem(
        "bytecode_too_new",
        "`" + name + "` was compiled for a newer Java",
        error.getMessage() + " (this is Java " + Runtime.version().feature() + ")",
        "compile it for this Java (--release), or point `home` in [java] to a newer JDK");
  }

  private static Class<?> initialised(Class<?> type, UserLoader loader) throws Problem {
    try {
      return Class.forName(type.getName(), true, loader);
    } catch (ExceptionInInitializerError error) {
      throw new Problem(
          "java_static_initialiser_failed",
          "`" + type.getName() + "` fails in its static initialisation",
          String.valueOf(error.getCause()),
          "mend the static initialiser; nothing of the class can run");
    } catch (ClassNotFoundException | NoClassDefFoundError error) {
      throw missingClass(type.getName(), error.getMessage());
    }
  }

  static String source(Class<?> type) {
    String outer = type.getName().replaceAll("\\$.*", "");
    return outer.substring(outer.lastIndexOf('.') + 1) + ".java";
  }

  // ------------------------------------------------------------ methods

  private static Subject method(
      Class<?> owner, String text, Subject.Maker given, boolean camel, String written)
      throws Problem {
    int bracket = text.indexOf('(');
    String name = bracket < 0 ? text : text.substring(0, bracket);
    List<Method> named = methods(owner).stream().filter(m -> m.getName().equals(name)).toList();
    if (named.isEmpty()) {
      List<String> known = methods(owner).stream().map(Loader::shown).toList();
      throw new Problem(
          "java_method_not_found",
          "`" + owner.getName() + "` has no method `" + name + "`",
          "none of its " + known.size() + " methods has that name",
          "check the name in the map",
          Names.nearest(name, known));
    }
    Method chosen = chosen(owner, named, bracket < 0 ? null : text.substring(bracket), written);
    try {
      chosen.setAccessible(true);
    } catch (RuntimeException closed) {
      throw new Problem(
          "java_method_not_accessible",
          "`" + written + "` cannot be called",
          closed.getMessage(),
          "map a public method of a public class");
    }
    boolean isStatic = Modifier.isStatic(chosen.getModifiers());
    Subject.Maker maker = isStatic ? null : given != null ? given : maker(owner);
    return new Subject(
        Subject.Kind.METHOD,
        owner,
        Arrays.stream(chosen.getParameters()).map(Parameter::getName).toList(),
        List.of(chosen.getGenericParameterTypes()),
        chosen.isVarArgs(),
        isStatic,
        (receiver, arguments) -> invoke(chosen, receiver, arguments),
        maker,
        camel,
        source(owner));
  }

  private static Method chosen(Class<?> owner, List<Method> named, String types, String written)
      throws Problem {
    List<String> shown = named.stream().map(Loader::shown).toList();
    if (types == null && named.size() == 1) {
      return named.get(0);
    }
    if (types == null) {
      throw new Problem(
          "ambiguous_overload",
          "`" + written + "` could be any of " + named.size() + " methods",
          owner.getName() + " overloads it",
          "name the parameter types: java = \"" + written + "(" + "Type, …)\"",
          shown);
    }
    String inside = types.substring(1, types.length() - 1).replace("...", "[]");
    List<String> wanted = inside.isEmpty() ? List.of() : List.of(inside.split(","));
    for (Method method : named) {
      if (fits(method, wanted)) {
        return method;
      }
    }
    throw new Problem(
        "java_method_not_found",
        "`" + owner.getName() + "` has no `" + written.substring(written.indexOf('#') + 1) + "`",
        "no overload has these parameter types",
        "check the types in the map",
        shown);
  }

  private static boolean fits(Method method, List<String> wanted) {
    Class<?>[] types = method.getParameterTypes();
    if (types.length != wanted.size()) {
      return false;
    }
    for (int i = 0; i < types.length; i++) {
      String full = types[i].getTypeName().replace('$', '.');
      String asked = wanted.get(i).replace('$', '.');
      if (!full.equals(asked) && !full.endsWith("." + asked)) {
        return false;
      }
    }
    return true;
  }

  /** All methods of a class and of what it inherits from, each signature once. */
  static List<Method> methods(Class<?> type) {
    Map<String, Method> found = new LinkedHashMap<>();
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      add(found, at.getDeclaredMethods());
    }
    add(found, type.getMethods());
    return List.copyOf(found.values());
  }

  private static void add(Map<String, Method> found, Method[] methods) {
    Arrays.stream(methods)
        .filter(method -> !method.isBridge() && !method.isSynthetic())
        .sorted(java.util.Comparator.comparing(Loader::shown))
        .forEach(method -> found.putIfAbsent(shown(method), method));
  }

  /** A method as a map names it. */
  static String shown(Method method) {
    List<String> types =
        Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName).toList();
    return method.getName() + "(" + String.join(",", types) + ")";
  }

  /** Makes instances by the constructor without arguments, or gives a Kotlin object. */
  static Subject.Maker maker(Class<?> owner) {
    try {
      Field only = owner.getDeclaredField("INSTANCE");
      if (only.getType() == owner && Modifier.isStatic(only.getModifiers())) {
        only.setAccessible(true);
        return () -> only.get(null);
      }
    } catch (NoSuchFieldException ordinary) {
      // an ordinary class
    }
    try {
      Constructor<?> plain = owner.getDeclaredConstructor();
      if (!Modifier.isAbstract(owner.getModifiers())) {
        plain.setAccessible(true);
        return () -> construct(plain);
      }
    } catch (NoSuchMethodException | RuntimeException none) {
      // needs a receiver from the map or the fixture
    }
    return null;
  }

  static Object construct(Constructor<?> constructor, Object... arguments) throws Throwable {
    try {
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException error) {
      throw error.getCause();
    }
  }

  static Object invoke(Method method, Object receiver, Object... arguments) throws Throwable {
    try {
      return method.invoke(receiver, arguments);
    } catch (InvocationTargetException error) {
      throw error.getCause();
    } catch (IllegalAccessException | IllegalArgumentException | NullPointerException error) {
      throw new Fault(error); // the call was not made: what the method throws is wrapped
    }
  }

  /** The parameter types of a method or constructor, generics kept. */
  static List<Type> types(Executable executable) {
    return List.of(executable.getGenericParameterTypes());
  }
}
