package parity.harness;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles the Java texts of the map: all of a load in one go, against the user's class path. */
final class Expressions {
  private static final String PACKAGE = "parity_expressions";
  private final List<Path> classPath;
  private final Path cache;
  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final Map<String, Problem> broken = new HashMap<>();

  Expressions(List<Path> classPath, Path cache) {
    this.classPath = classPath;
    this.cache = cache;
  }

  /** The class of one unit's texts; {@code value} is its expression, where it has one. */
  private record Source(String name, String text, String value) {
    Source asStatement() {
      String statement = "{ " + value + "; if (true) return null; }";
      return new Source(name, text.replace("return (\n" + value + "\n);", statement), null);
    }
  }

  /** Adds the texts of a unit; gives the name of the class that will hold them. */
  String add(String unit, int number, Map<String, Object> request) {
    String home = (String) request.get("package");
    String simple = "ParityUnit" + number;
    String name = (home == null ? PACKAGE : home) + "." + simple;
    String expression = (String) request.get("expression");
    StringBuilder text = new StringBuilder("package " + (home == null ? PACKAGE : home) + ";\n");
    text.append("import java.util.*;\nimport java.math.*;\n");
    for (Object line : (List<?>) request.get("imports")) {
      text.append("import ").append(((String) line).replaceAll(";\\s*$", "")).append(";\n");
    }
    importOf((String) request.get("java")).ifPresent(text::append);
    text.append("public final class ").append(simple).append(" {\n");
    List<String> texts = new ArrayList<>();
    for (String key : List.of("expression", "body", "receiver")) {
      if (request.get(key) != null) {
        texts.add((String) request.get(key));
      }
    }
    text.append(Ports.declarations(Port.of(request), texts));
    if (expression != null) {
      method(text, request, "return (\n" + expression + "\n);");
    } else if (request.get("body") != null) {
      method(text, request, (String) request.get("body"));
    }
    if (request.get("receiver") != null) {
      text.append("public static Object receiver() throws Throwable { return (\n");
      text.append(request.get("receiver")).append("\n); }\n");
    }
    sources.put(unit, new Source(name, text.append("}\n").toString(), expression));
    return name;
  }

  private static Optional<String> importOf(String java) {
    String type = java == null ? "" : java.replaceAll("#.*", "").replace('$', '.');
    boolean packaged = type.indexOf('.') > 0 && Character.isLowerCase(type.charAt(0));
    return packaged ? Optional.of("import " + type + ";\n") : Optional.empty();
  }

  private static void method(StringBuilder text, Map<String, Object> request, String body) {
    List<String> parameters = new ArrayList<>();
    for (Object parameter : (List<?>) request.get("parameters")) {
      List<?> pair = (List<?>) parameter;
      parameters.add(pair.get(1) + " " + pair.get(0));
    }
    text.append("public static Object call(").append(String.join(", ", parameters));
    text.append(") throws Throwable {\n").append(body).append("\n}\n");
  }

  /** Compiled classes of all units that compile; the others have a {@link #problem}. */
  Map<String, byte[]> compile() throws IOException {
    Map<String, byte[]> classes = new HashMap<>();
    if (sources.isEmpty()) {
      return classes;
    }
    Path cached = cache == null ? null : cache.resolve(key() + ".classes");
    if (cached != null && Files.exists(cached)) {
      return read(cached);
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      sources.keySet().forEach(unit -> broken.put(unit, noCompiler()));
      return classes;
    }
    Map<String, Source> left = new LinkedHashMap<>(sources);
    while (!left.isEmpty()) {
      Map<String, byte[]> output = new HashMap<>();
      Map<String, List<Diagnostic<? extends JavaFileObject>>> errors =
          attempt(compiler, left, output);
      if (errors.isEmpty()) {
        classes.putAll(output);
        break;
      }
      errors.forEach((unit, told) -> mendOrDrop(unit, told, left));
    }
    if (cached != null && broken.isEmpty()) {
      write(cached, classes);
    }
    return classes;
  }

  private void mendOrDrop(
      String unit, List<Diagnostic<? extends JavaFileObject>> told, Map<String, Source> left) {
    Source source = left.get(unit);
    boolean isVoid = told.stream().anyMatch(one -> one.getMessage(null).contains("void"));
    if (isVoid && source.value() != null) {
      left.put(unit, source.asStatement());
      return;
    }
    left.remove(unit);
    broken.put(unit, doesNotCompile(unit, source, told));
  }

  private static Problem doesNotCompile(
      String unit, Source source, List<Diagnostic<? extends JavaFileObject>> told) {
    List<String> lines = source.text().lines().toList();
    StringBuilder why = new StringBuilder();
    for (Diagnostic<?> one : told.subList(0, Math.min(3, told.size()))) {
      int line = (int) one.getLineNumber();
      String shown = line > 0 && line <= lines.size() ? lines.get(line - 1).strip() : "";
      why.append(why.isEmpty() ? "" : "\n").append(one.getMessage(null));
      why.append(shown.isEmpty() ? "" : "\nin: " + shown);
    }
    return new Problem(
        "java_does_not_compile",
        "the Java text of `" + unit + "` does not compile",
        why.toString(),
        "mend it in the map; what it names is imported with java_imports");
  }

  private static Problem noCompiler() {
    return new Problem(
        "no_java_compiler",
        "this Java runtime has no compiler",
        "the map holds Java expressions, and the runtime has no jdk.compiler module",
        "point `home` in [java] of the config to a JDK");
  }

  /** Why a unit's text does not compile, or null. */
  Problem problem(String unit) {
    return broken.get(unit);
  }

  private Map<String, List<Diagnostic<? extends JavaFileObject>>> attempt(
      JavaCompiler compiler, Map<String, Source> units, Map<String, byte[]> output)
      throws IOException {
    DiagnosticCollector<JavaFileObject> told = new DiagnosticCollector<>();
    Map<JavaFileObject, String> files = new LinkedHashMap<>();
    units.forEach((unit, source) -> files.put(new Text(source), unit));
    try (StandardJavaFileManager standard =
        compiler.getStandardFileManager(told, null, java.nio.charset.StandardCharsets.UTF_8)) {
      standard.setLocationFromPaths(javax.tools.StandardLocation.CLASS_PATH, classPath);
      List<String> options = List.of("-proc:none", "-nowarn", "-Xlint:none", "-g");
      compiler
          .getTask(null, new Memory(standard, output), told, options, null, files.keySet())
          .call();
    }
    Map<String, List<Diagnostic<? extends JavaFileObject>>> errors = new LinkedHashMap<>();
    for (Diagnostic<? extends JavaFileObject> one : told.getDiagnostics()) {
      if (one.getKind() == Diagnostic.Kind.ERROR) {
        String unit = files.getOrDefault(one.getSource(), files.values().iterator().next());
        errors.computeIfAbsent(unit, key -> new ArrayList<>()).add(one);
      }
    }
    return errors;
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(Source source) {
      super(URI.create("string:///" + source.name().replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = source.text();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, byte[]> output;

    Memory(JavaFileManager below, Map<String, byte[]> output) {
      super(below);
      this.output = output;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:///" + name.replace('.', '/')), kind) {
        @Override
        public OutputStream openOutputStream() {
          return new ByteArrayOutputStream() {
            @Override
            public void close() {
              output.put(name, toByteArray());
            }
          };
        }
      };
    }
  }

  // ------------------------------------------------------------ cache

  private String key() throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(Runtime.version().toString().getBytes());
      for (Source source : sources.values()) {
        digest.update(source.text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
      for (Path entry : classPath) {
        try (Stream<Path> files = Files.walk(entry)) {
          for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
            String state = file + ":" + Files.size(file) + ":" + Files.getLastModifiedTime(file);
            digest.update(state.getBytes(java.nio.charset.StandardCharsets.UTF_8));
          }
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException error) {
      throw new IllegalStateException(error);
    }
  }

  private static Map<String, byte[]> read(Path file) throws IOException {
    Map<String, byte[]> classes = new HashMap<>();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      for (int left = in.readInt(); left > 0; left--) {
        classes.put(in.readUTF(), in.readNBytes(in.readInt()));
      }
    }
    return classes;
  }

  private static void write(Path file, Map<String, byte[]> classes) throws IOException {
    Path temporary = Files.createTempFile(file.getParent(), "new", ".classes");
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(temporary))) {
      out.writeInt(classes.size());
      for (Map.Entry<String, byte[]> one : classes.entrySet()) {
        out.writeUTF(one.getKey());
        out.writeInt(one.getValue().length);
        out.write(one.getValue());
      }
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
