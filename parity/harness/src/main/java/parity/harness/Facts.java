package parity.harness;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * What can be known of a counterpart without calling it: the constants, calls and operations of its
 * methods and of those that they lead to, nearest first, and what its parameters can hold.
 */
final class Facts {
  private static final int API = Opcodes.ASM9;
  private static final int MOST_METHODS = 300;
  private static final int MOST_CONSTANTS = 400;
  private static final int LONGEST = 200;
  private static final int DEPTH = 6;
  private final ClassPath classPath;
  private final Map<String, byte[]> texts;
  private final Map<String, Map<String, Method>> classes = new HashMap<>();
  private final Map<String, String> above = new HashMap<>();
  private final Set<Object> numbers = new LinkedHashSet<>();
  private final Set<Object> strings = new LinkedHashSet<>();
  private final Set<Object> calls = new LinkedHashSet<>();
  private final Set<Object> operations = new LinkedHashSet<>();

  Facts(ClassPath classPath, Map<String, byte[]> texts) {
    this.classPath = classPath;
    this.texts = texts;
  }

  /** What one method has in it. */
  private static final class Method {
    private final Set<Object> numbers = new LinkedHashSet<>();
    private final Set<Object> strings = new LinkedHashSet<>();
    private final Set<Object> calls = new LinkedHashSet<>();
    private final Set<Object> operations = new LinkedHashSet<>();
    private final List<String[]> callees = new ArrayList<>();
  }

  /** The facts of methods of a class, by name; of all its methods where there is no name. */
  Map<String, Object> document(String owner, String name, List<Type> types) {
    Deque<String[]> left = new ArrayDeque<>();
    String internal = owner.replace('.', '/');
    for (String key : methods(internal).keySet()) {
      if (name == null || key.startsWith(name + "(") || key.startsWith("<")) {
        left.add(new String[] {internal, key});
      }
    }
    follow(left);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("numbers", List.copyOf(numbers));
    document.put("texts", List.copyOf(strings));
    document.put("calls", List.copyOf(calls));
    document.put("operations", List.copyOf(operations));
    document.put("shapes", types.stream().map(type -> shape(type, DEPTH)).toList());
    return document;
  }

  /** What the methods and constructors of a class take, by name; a constructor is `<init>`. */
  static Map<String, List<Object>> steps(Class<?> owner) {
    Map<String, List<Object>> steps = new LinkedHashMap<>();
    List<Executable> executables = new ArrayList<>(Loader.methods(owner));
    executables.addAll(List.of(owner.getDeclaredConstructors()));
    for (Executable one : executables) {
      if (!one.isSynthetic() && one.getDeclaringClass() != Object.class) {
        String name = one instanceof Constructor ? "<init>" : one.getName();
        List<?> taken = Loader.types(one).stream().map(type -> shape(type, DEPTH)).toList();
        steps.computeIfAbsent(name, any -> new ArrayList<>()).add(taken);
      }
    }
    return steps;
  }

  private void follow(Deque<String[]> left) {
    Set<String> seen = new HashSet<>();
    int count = 0;
    while (!left.isEmpty() && count < MOST_METHODS && strings.size() < MOST_CONSTANTS) {
      String[] at = left.poll();
      Method method = found(at[0], at[1]);
      if (method == null || !seen.add(at[0] + "." + at[1])) {
        continue;
      }
      count++;
      numbers.addAll(method.numbers);
      strings.addAll(method.strings);
      calls.addAll(method.calls);
      operations.addAll(method.operations);
      left.addAll(method.callees);
    }
  }

  private Method found(String owner, String key) {
    for (String at = owner; at != null; at = above.get(at)) {
      Method method = methods(at).get(key);
      if (method != null) {
        return method;
      }
    }
    return null;
  }

  private Map<String, Method> methods(String owner) {
    Map<String, Method> known = classes.get(owner);
    if (known == null) {
      known = new LinkedHashMap<>();
      classes.put(owner, known);
      byte[] bytes = bytes(owner);
      if (bytes != null) {
        try {
          Reading reading = new Reading(owner, known);
          new ClassReader(bytes).accept(reading, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        } catch (IllegalArgumentException newer) {
          return known;
        }
      }
    }
    return known;
  }

  private byte[] bytes(String owner) {
    byte[] text = texts.get(owner.replace('/', '.'));
    if (text != null) {
      return text;
    }
    Entry.Found found = classPath.find(owner + ".class");
    try {
      return found == null ? null : found.bytes();
    } catch (IOException unreadable) {
      return null;
    }
  }

  private final class Reading extends ClassVisitor {
    private final String self;
    private final Map<String, Method> methods;

    Reading(String self, Map<String, Method> methods) {
      super(API);
      this.self = self;
      this.methods = methods;
    }

    @Override
    public void visit(
        int version, int access, String name, String signature, String over, String[] faces) {
      above.put(self, over);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      Method method = new Method();
      methods.put(name + descriptor, method);
      return new Body(method);
    }
  }

  private static final class Body extends MethodVisitor {
    private final Method method;

    Body(Method method) {
      super(API);
      this.method = method;
    }

    private void constant(Object value) {
      if (value instanceof String text) {
        if (!text.isEmpty() && text.length() < LONGEST) {
          method.strings.add(text);
        }
      } else if (value instanceof Float number) {
        constant(number.doubleValue());
      } else if (value instanceof Double number) {
        if (Double.isFinite(number)) {
          method.numbers.add(number);
        }
      } else if (value instanceof Integer number) {
        method.numbers.add(number.longValue());
      } else if (value instanceof Long number) {
        method.numbers.add(number);
      } else if (value instanceof Handle handle) {
        method.callees.add(new String[] {handle.getOwner(), handle.getName() + handle.getDesc()});
      }
    }

    @Override
    public void visitLdcInsn(Object value) {
      constant(value);
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      if (opcode != Opcodes.NEWARRAY) {
        constant(operand);
      }
    }

    @Override
    public void visitTableSwitchInsn(int low, int high, Label other, Label... labels) {
      constant(low);
      constant(high);
    }

    @Override
    public void visitLookupSwitchInsn(Label other, int[] keys, Label[] labels) {
      for (int key : keys) {
        constant(key);
      }
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      method.calls.add(owner.substring(owner.lastIndexOf('/') + 1) + "." + name);
      method.callees.add(new String[] {owner, name + descriptor});
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      for (Object argument : arguments) {
        constant(argument instanceof String text ? text.replace("\u0001", "") : argument);
      }
    }

    @Override
    public void visitInsn(int opcode) {
      String word =
          switch (opcode) {
            case Opcodes.IDIV, Opcodes.LDIV -> "whole /";
            case Opcodes.DDIV, Opcodes.FDIV -> "real /";
            case Opcodes.IREM, Opcodes.LREM -> "whole %";
            case Opcodes.DREM, Opcodes.FREM -> "real %";
            case Opcodes.IADD, Opcodes.ISUB, Opcodes.IMUL, Opcodes.INEG -> "int";
            case Opcodes.LADD, Opcodes.LSUB, Opcodes.LMUL, Opcodes.LNEG -> "long";
            case Opcodes.L2I, Opcodes.D2I, Opcodes.D2L, Opcodes.I2B, Opcodes.I2S -> "narrowed";
            case Opcodes.ISHL, Opcodes.LSHL, Opcodes.ISHR, Opcodes.LSHR, Opcodes.IUSHR ->
                "shift";
            case Opcodes.D2F, Opcodes.FADD, Opcodes.FMUL, Opcodes.FCMPL, Opcodes.FCMPG ->
                "float";
            default -> null;
          };
      if (word != null) {
        method.operations.add(word);
      }
    }
  }

  // ------------------------------------------------------------ what a parameter can hold

  private static Map<String, Object> shape(Type type, int depth) {
    Map<String, Object> shape = new LinkedHashMap<>();
    Class<?> raw = Types.raw(type);
    String row = depth == 0 ? "Object" : Types.row(type);
    shape.put("type", row);
    switch (row) {
      case "array" -> shape.put("of", shape(Types.component(type), depth - 1));
      case "List", "Collection", "Set", "Iterator", "Stream", "Optional" ->
          shape.put("of", shape(Types.argument(type, 0), depth - 1));
      case "Map", "Map.Entry" -> {
        shape.put("keys", shape(Types.argument(type, 0), depth - 1));
        shape.put("of", shape(Types.argument(type, 1), depth - 1));
      }
      case "enum" -> {
        List<Object> names = new ArrayList<>();
        for (Object constant : raw.getEnumConstants()) {
          names.add(((Enum<?>) constant).name());
        }
        shape.put("constants", names);
      }
      case "record", "bean" -> shape.put("fields", fields(raw, depth));
      default -> {}
    }
    return shape;
  }

  private static Map<String, Object> fields(Class<?> raw, int depth) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (raw.isRecord()) {
      for (RecordComponent component : raw.getRecordComponents()) {
        fields.put(component.getName(), shape(component.getGenericType(), depth - 1));
      }
      return fields;
    }
    List<String> required = Types.required(raw);
    for (Class<?> at = raw; at != null && !Types.isLibrary(at); at = at.getSuperclass()) {
      for (Field field : Types.instanceFields(at)) {
        if (required.contains(field.getName())) {
          fields.put(field.getName(), shape(field.getGenericType(), depth - 1));
        }
      }
    }
    return fields;
  }
}
