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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import parity.world.Ended;
import parity.world.Exits;
import parity.world.Logs;
import parity.world.Threads;
import parity.world.Trace;
import parity.world.Undo;

/** Finds what the map names; says what is not there, with the nearest names. */
final class Loader {
  private static final Pattern SPACES_AND_INNERMOST_GENERICS = Pattern.compile("<[^<>]*>|\\s");
  private static final double READY_WITHIN_SECONDS = 10;
  private static final int MOST_WAITS = 12;
  private static final long STACK_BYTES = 128L << 20;
  private final List<Path> classPath;
  private final Path cache;
  private final Rewriter rewriter = new Rewriter();
  private final Map<Path, Entry> opened = new ConcurrentHashMap<>();
  private final Map<String, Recipe> recipes = new HashMap<>();
  private final Trace libraries = new Trace();
  private ClassPath common;
  private UserLoader jars;
  private boolean hung;
  private boolean textsInJars;

  Loader(List<Path> classPath, Path cache) {
    this.classPath = classPath;
    this.cache = cache;
  }

  /** How a unit's subject is made, as often as its classes have to be fresh. */
  private static final class Recipe {
    private final Map<String, Object> unit;
    private final Map<String, byte[]> texts;
    private final boolean textsOfJars;
    private final String home;
    private ClassPath classPath;
    private UserLoader jars;
    private UserLoader loader;
    private Subject subject;
    private boolean used;

    Recipe(
        Map<String, Object> unit,
        ClassPath classPath,
        UserLoader jars,
        Map<String, byte[]> texts,
        boolean textsOfJars,
        String home) {
      this.unit = unit;
      this.classPath = classPath;
      this.jars = jars;
      this.texts = texts;
      this.textsOfJars = textsOfJars;
      this.home = home;
    }

    /** The compiled texts that belong to the unit's own loader. */
    private Map<String, byte[]> ownTexts() {
      return jars != null && textsOfJars ? Map.of() : texts;
    }
  }

  /**
   * Looks at the folders as they are now. Jars are kept open, and the loader that all units share is
   * kept as well, unless it has to serve other jars or has texts of an earlier load in it.
   */
  private void look() {
    opened.values().removeIf(Entry.Folder.class::isInstance);
    ClassPath now = ClassPath.of(classPath, false, opened);
    if (common == null || textsInJars || !now.shared().equals(common.shared())) {
      jars = now.isWhole() ? null : UserLoader.shared(now, rewriter);
      textsInJars = false;
    }
    common = now;
  }

  /** Each unit's subject, or the problem that it has; may be asked again when classes changed. */
  Map<String, Object> load(List<Map<String, Object>> units) throws IOException {
    look();
    Map<List<Path>, Expressions> compilers = new LinkedHashMap<>();
    Map<String, String> homes = new LinkedHashMap<>();
    for (Map<String, Object> unit : units) {
      boolean written = unit.get("expression") != null || unit.get("body") != null;
      if (written || unit.get("receiver") != null) {
        String id = (String) unit.get("id");
        Expressions ofPath =
            compilers.computeIfAbsent(entries(unit), path -> new Expressions(path, cache));
        homes.put(id, ofPath.add(id, homes.size(), unit));
      }
    }
    Map<List<Path>, Map<String, byte[]>> compiled = new HashMap<>();
    for (Map.Entry<List<Path>, Expressions> one : compilers.entrySet()) {
      compiled.put(one.getKey(), one.getValue().compile());
    }
    Map<String, Object> loaded = new LinkedHashMap<>();
    for (Map<String, Object> unit : units) {
      String id = (String) unit.get("id");
      List<Path> entries = entries(unit);
      Expressions ofPath = compilers.get(entries);
      try {
        if (ofPath != null && ofPath.problem(id) != null) {
          throw ofPath.problem(id);
        }
        Map<String, byte[]> generated = compiled.getOrDefault(entries, Map.of());
        Recipe recipe = recipe(unit, entries, generated, homes.get(id));
        recipes.put(id, recipe);
        loaded.put(id, watched(recipe));
      } catch (Problem problem) {
        recipes.remove(id);
        loaded.put(id, problem);
      }
    }
    return loaded;
  }

  /** The class path of a unit: the project's, behind what the unit puts in front of it. */
  private List<Path> entries(Map<String, Object> unit) {
    List<?> more = (List<?>) unit.get("classpath");
    if (more == null || more.isEmpty()) {
      return classPath;
    }
    List<Path> entries = new ArrayList<>();
    more.forEach(entry -> entries.add(Path.of((String) entry)));
    entries.addAll(classPath);
    return entries;
  }

  private Recipe recipe(
      Map<String, Object> unit, List<Path> entries, Map<String, byte[]> generated, String home) {
    boolean alone = entries != classPath || Boolean.TRUE.equals(unit.get("isolate"));
    ClassPath path = alone ? ClassPath.of(entries, true, opened) : common;
    UserLoader below = path.isWhole() ? null : jars;
    Map<String, byte[]> texts = new HashMap<>();
    boolean ofJars = false;
    if (home != null) {
      generated.forEach(
          (name, bytes) -> {
            if (name.equals(home) || name.startsWith(home + "$")) {
              texts.put(name, bytes);
            }
          });
      String folder = Entry.folderOf(home.replace('.', '/'));
      ofJars = below != null && !path.hasPackage(folder, true) && path.hasPackage(folder, false);
      if (ofJars) {
        texts.forEach(below::add);
      }
    }
    return new Recipe(unit, path, below, texts, ofJars, home);
  }

  /** The subject, made on a thread of its own: a class may hang while it is initialised. */
  private Subject watched(Recipe recipe) throws Problem {
    FutureTask<Subject> making = new FutureTask<>(() -> make(recipe, true));
    Thread thread = new Thread(null, making, "main", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    Object told = recipe.unit.get("timeout");
    double seconds = told instanceof Number number ? number.doubleValue() : READY_WITHIN_SECONDS;
    try {
      return waited(making, (long) (seconds * 1000));
    } catch (TimeoutException slow) {
      hung = true;
      throw hangs(recipe, thread, seconds);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Problem problem ? problem : broken(recipe, failed);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  // On a busy machine a large library takes its time: while classes still come, nothing hangs.
  private static Subject waited(FutureTask<Subject> making, long millis)
      throws InterruptedException, ExecutionException, TimeoutException {
    for (int left = MOST_WAITS; left > 1; left--) {
      long before = UserLoader.defined();
      try {
        return making.get(millis, TimeUnit.MILLISECONDS);
      } catch (TimeoutException slow) {
        if (UserLoader.defined() == before) {
          throw slow;
        }
      }
    }
    return making.get(millis, TimeUnit.MILLISECONDS);
  }

  private static Problem hangs(Recipe recipe, Thread thread, double seconds) {
    String where = "";
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (!Types.isLibrary(frame.getClassName())) {
        where = ": it is at " + frame;
        break;
      }
    }
    return new Problem(
        "java_static_initialiser_hangs",
        "the counterpart of `" + recipe.unit.get("id") + "` does not get ready",
        "initialising it takes longer than " + seconds + " s" + where,
        "mend the static initialiser or the constructor; nothing of the class can run");
  }

  private static Problem broken(Recipe recipe, ExecutionException failed) {
    return new Problem(
        "java_class_broken",
        "the counterpart of `" + recipe.unit.get("id") + "` cannot be loaded",
        String.valueOf(failed.getCause()),
        "build it again with the class path that it runs on");
  }

  private Subject make(Recipe recipe, boolean initialise) throws Problem {
    UserLoader loader =
        UserLoader.of(recipe.classPath, recipe.ownTexts(), rewriter, recipe.jars);
    loader.begin();
    Thread.currentThread().setContextClassLoader(loader);
    recipe.loader = loader;
    recipe.subject = subject(recipe.unit, loader, recipe.home, initialise);
    recipe.used = false;
    if (rewriter.covering().isOn()) {
      coverLibraries(recipe);
    }
    keep(recipe);
    return recipe.subject;
  }

  /** Puts back what the batch before has left in the JVM as a whole. */
  private static void forgetBatch() {
    Exits.forget();
    Logs.restore();
    Undo.all();
    Internals.forgetLocals(Thread.currentThread());
  }

  /** The subject of a unit at the start of a batch: its own classes are new. */
  Subject begin(String unit) throws Problem {
    Recipe recipe = recipes.get(unit);
    forgetBatch();
    if (recipe.jars != null && recipe.jars.isEntangled()) {
      recipe.jars = null;
      recipe.classPath = whole();
      recipe.used = true;
    }
    if (recipe.used) {
      make(recipe, false);
    } else {
      recipe.loader.begin();
    }
    recipe.used = true;
    Thread.currentThread().setContextClassLoader(recipe.loader);
    Threads.begin();
    return recipe.subject;
  }

  /**
   * The subject of a unit in a loader that defines its classes as {@code rewriting} makes them; its
   * next batch is run in a loader of the usual kind again.
   */
  Subject begin(String unit, Rewriting rewriting) throws Problem {
    Recipe recipe = recipes.get(unit);
    forgetBatch();
    if (recipe.jars != null && recipe.jars.isEntangled()) {
      alone(unit);
    }
    UserLoader loader =
        UserLoader.of(recipe.classPath, recipe.ownTexts(), rewriting, recipe.jars);
    loader.begin();
    Thread.currentThread().setContextClassLoader(loader);
    recipe.loader = loader;
    recipe.used = true;
    recipe.subject = subject(recipe.unit, loader, recipe.home, false);
    Threads.begin();
    return recipe.subject;
  }

  /**
   * The bytes of a class that the unit's own loader defines, as they are on the class path; null
   * where it defines none of that name.
   */
  Entry.Found ownClass(String unit, String name) {
    Recipe recipe = recipes.get(unit);
    String file = name.replace('.', '/') + ".class";
    return recipe.jars == null ? recipe.classPath.find(file) : recipe.classPath.find(file, true);
  }

  /** The class that the unit's compiled texts are in; null where it has none. */
  String home(String unit) {
    return recipes.get(unit).home;
  }

  /** The compiled texts of a unit by the name of their class. */
  Map<String, byte[]> texts(String unit) {
    return recipes.get(unit).texts;
  }

  /** From now on the unit's own loader defines the classes of all jars too. */
  void alone(String unit) {
    Recipe recipe = recipes.get(unit);
    recipe.jars = null;
    recipe.classPath = whole();
    recipe.used = true;
  }

  private ClassPath whole() {
    if (!common.isWhole()) {
      common = ClassPath.of(classPath, true, opened);
    }
    return common;
  }

  /** The subject of a unit as it was made last. */
  Subject subject(String unit) {
    return recipes.get(unit).subject;
  }

  /** The loader of the unit's own classes. */
  ClassLoader loader(String unit) {
    return recipes.get(unit).loader;
  }

  /** What the unit was seen to rest on, at the end of a batch. */
  Map<String, Object> trace(String unit) {
    Recipe recipe = recipes.get(unit);
    Threads.settleAll();
    keep(recipe);
    recipe.loader.trace().include(libraries);
    return recipe.loader.trace().document(Threads.left());
  }

  // What a shared library looks up while it is set up, it will not look up again for the next unit.
  private void keep(Recipe recipe) {
    if (recipe.loader.definedShared()) {
      libraries.include(recipe.loader.trace());
    }
  }

  /** From now on the classes of the project, and of libraries that units name, get probes. */
  void cover() {
    rewriter.covering().begin();
  }

  /** What can be known of a unit without calling it. */
  Map<String, Object> facts(String unit) {
    Recipe recipe = recipes.get(unit);
    Subject subject = recipe.subject;
    Facts facts = new Facts(recipe.classPath, recipe.texts);
    String reference = (String) recipe.unit.get("java");
    int hash = reference == null ? -1 : reference.indexOf('#');
    String name = hash < 0 ? null : reference.substring(hash + 1).replaceAll("[(\\s].*", "");
    if (subject.kind() == Subject.Kind.EXPRESSION) {
      name = null;
    }
    Map<String, Object> document =
        facts.document(subject.owner().getName(), name, subject.types());
    if (subject.kind() == Subject.Kind.CLASS) {
      document.put("steps", Facts.steps(subject.owner()));
    }
    return document;
  }

  // The libraries whose branches are of interest: those that the map names, itself or in a text.
  private void coverLibraries(Recipe recipe) {
    List<String> files = new ArrayList<>();
    if (recipe.subject.kind() != Subject.Kind.EXPRESSION) {
      files.add(recipe.subject.owner().getName().replace('.', '/') + ".class");
    }
    recipe.texts.values().forEach(text -> files.addAll(Covering.named(text)));
    for (String file : files) {
      Entry.Found found = recipe.classPath.find(file);
      if (found != null) {
        rewriter.covering().add(found.place);
      }
    }
  }

  /** Whether the JVM should not go on: something of a subject is still at work in it. */
  boolean isUnfit() {
    return hung || Threads.isUnfit();
  }

  private Subject subject(
      Map<String, Object> unit, UserLoader loader, String home, boolean initialise)
      throws Problem {
    boolean camel = "camel".equals(unit.get("names"));
    List<Port> told = Port.of(unit);
    Ports ports =
        told.isEmpty() ? null : new Ports(told, loader, new Exceptions(loader, classPath));
    Subject.Maker receiver = null;
    Class<?> texts = home == null ? null : known(home, loader, initialise);
    if (texts != null && ports != null) {
      ports.fill(texts);
    }
    if (unit.get("receiver") != null) {
      Method made = declared(texts, "receiver");
      receiver = () -> invoke(made, null);
    }
    if (unit.get("expression") != null || unit.get("body") != null) {
      return expression(unit, texts, camel, ports);
    }
    String reference = erased((String) unit.get("java"));
    int hash = reference.indexOf('#');
    Class<?> owner = known(hash < 0 ? reference : reference.substring(0, hash), loader, initialise);
    if (hash >= 0) {
      return method(
          owner, reference.substring(hash + 1), receiver, camel, (String) unit.get("java"), ports);
    }
    if (Handlers.isHandler(owner)) {
      return Handlers.subject(owner, receiver, source(owner), ports);
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
        source(owner),
        null,
        ports);
  }

  private static Subject expression(
      Map<String, Object> unit, Class<?> texts, boolean camel, Ports ports) throws Problem {
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
        null,
        call,
        ports);
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
  private Class<?> known(String name, UserLoader loader, boolean initialise) throws Problem {
    String tried = name;
    while (true) {
      try {
        Class<?> found = Class.forName(tried, false, loader);
        return initialise ? initialised(found, loader) : found;
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

  /** A reference without spaces and type arguments. */
  private static String erased(String reference) {
    String erased = SPACES_AND_INNERMOST_GENERICS.matcher(reference).replaceAll("");
    return erased.equals(reference) ? reference : erased(erased);
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
      throw uninitialised(type, String.valueOf(error.getCause()));
    } catch (Ended ended) {
      throw uninitialised(type, ended.getMessage());
    } catch (ClassNotFoundException | NoClassDefFoundError error) {
      throw missingClass(type.getName(), error.getMessage());
    }
  }

  private static Problem uninitialised(Class<?> type, String why) {
    return new Problem(
        "java_static_initialiser_failed",
        "`" + type.getName() + "` fails in its static initialisation",
        why,
        "mend the static initialiser; nothing of the class can run");
  }

  static String source(Class<?> type) {
    String outer = type.getName().replaceAll("\\$.*", "");
    return outer.substring(outer.lastIndexOf('.') + 1) + ".java";
  }

  // ------------------------------------------------------------ methods

  private static Subject method(
      Class<?> owner,
      String text,
      Subject.Maker given,
      boolean camel,
      String written,
      Ports ports)
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
    if (ports != null) {
      ports.check(chosen);
    }
    Subject.Maker maker = isStatic ? null : given != null ? given : maker(owner, ports);
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
        source(owner),
        chosen,
        ports);
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

  /** Makes instances by a constructor that takes the unit's ports, else as without them. */
  private static Subject.Maker maker(Class<?> owner, Ports ports) throws Problem {
    Subject.Maker handing = ports == null ? null : ports.maker(owner);
    return handing != null ? handing : maker(owner);
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
