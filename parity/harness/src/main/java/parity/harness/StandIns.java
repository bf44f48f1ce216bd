package parity.harness;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Makes what stands in for a type: a proxy of an interface; of a class an instance of a subclass
 * that overrides everything, made without a constructor. What cannot be overridden is refused: it
 * would run for real.
 */
final class StandIns {
  private static final String HANDLER = "parity$handler";
  private static final String METHODS = "parity$methods";
  private static final String ENDING = "$ParityPort";
  private static final String APART = "parity_ports.";
  private static final Type OBJECT = Type.getType(Object.class);
  private static final Type INVOKED = Type.getType(InvocationHandler.class);
  private static final ClassValue<Class<?>[]> SUBCLASSES =
      new ClassValue<>() {
        @Override
        protected Class<?>[] computeValue(Class<?> type) {
          return new Class<?>[1];
        }
      };

  private StandIns() {}

  /**
   * What stands in for a type, every call of which goes to {@code handler}.
   *
   * @param loader defines what cannot stand beside its type
   */
  static Object of(Class<?> type, InvocationHandler handler, UserLoader loader) throws Problem {
    if (type.isInterface()) {
      ClassLoader home = type.getClassLoader() == null ? loader : type.getClassLoader();
      try {
        return Proxy.newProxyInstance(home, new Class<?>[] {type}, handler);
      } catch (IllegalArgumentException error) {
        throw refused(type, error.getMessage());
      }
    }
    try {
      Object made = Internals.bare(subclass(type, loader));
      field(made.getClass(), HANDLER).set(made, handler);
      return made;
    } catch (ReflectiveOperationException | LinkageError error) {
      throw refused(type, error.toString());
    }
  }

  /** The handler of what stands in for a port, or null. */
  static InvocationHandler handler(Object value) {
    try {
      if (Proxy.isProxyClass(value.getClass())) {
        return Proxy.getInvocationHandler(value);
      }
      return value.getClass().getName().endsWith(ENDING)
          ? (InvocationHandler) field(value.getClass(), HANDLER).get(value)
          : null;
    } catch (ReflectiveOperationException other) {
      return null;
    }
  }

  private static Field field(Class<?> type, String name) throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  private static Problem refused(Class<?> type, String why) {
    return new Problem(
        "java_port_wrong",
        "`" + type.getName() + "` cannot be stood in for",
        why,
        "map the port to an interface, or to a class that can be subclassed whole");
  }

  private static Class<?> subclass(Class<?> type, UserLoader loader)
      throws Problem, ReflectiveOperationException {
    Class<?>[] known = SUBCLASSES.get(type);
    synchronized (known) {
      boolean apart = Types.isLibrary(type);
      if (known[0] == null || apart) {
        List<Method> methods = methods(type);
        String name = (apart ? APART : "") + type.getName() + ENDING;
        byte[] bytes = bytes(type, name, methods);
        known[0] = apart ? defined(name, bytes, loader) : beside(type, bytes);
        field(known[0], METHODS).set(null, methods.toArray(Method[]::new));
      }
      return known[0];
    }
  }

  private static Class<?> beside(Class<?> type, byte[] bytes) throws IllegalAccessException {
    return MethodHandles.privateLookupIn(type, MethodHandles.lookup()).defineClass(bytes);
  }

  private static Class<?> defined(String name, byte[] bytes, UserLoader loader)
      throws ClassNotFoundException {
    loader.add(name, bytes);
    return Class.forName(name, true, loader);
  }

  /** Everything that is called on an instance. */
  private static List<Method> methods(Class<?> type) throws Problem {
    if (Modifier.isFinal(type.getModifiers()) || type.isSealed()) {
      throw refused(type, "it is " + (type.isSealed() ? "sealed" : "final"));
    }
    Map<String, Method> found = new LinkedHashMap<>();
    for (Class<?> at = type; at != Object.class; at = at.getSuperclass()) {
      for (Method method : at.getDeclaredMethods()) {
        if (isCalled(method, type)) {
          found.putIfAbsent(key(method), method);
        }
      }
    }
    for (Method method : type.getMethods()) {
      boolean ofAll = method.getDeclaringClass() == Object.class;
      boolean own = ofAll && !Modifier.isFinal(method.getModifiers());
      if (own || !ofAll && isCalled(method, type) && !method.isDefault()) {
        found.putIfAbsent(key(method), method);
      }
    }
    List<Method> methods = new ArrayList<>(found.values());
    methods.sort(java.util.Comparator.comparing(StandIns::key));
    List<String> fixed =
        methods.stream()
            .filter(method -> Modifier.isFinal(method.getModifiers()))
            .map(Loader::shown)
            .toList();
    if (!fixed.isEmpty()) {
      String names = fixed.stream().limit(5).collect(Collectors.joining(", "));
      throw refused(type, "it has final methods, which would run for real: " + names);
    }
    return methods;
  }

  private static boolean isCalled(Method method, Class<?> type) {
    int modifiers = method.getModifiers();
    boolean closed =
        Modifier.isStatic(modifiers) || Modifier.isPrivate(modifiers) || method.isBridge();
    boolean open = Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    Package home = method.getDeclaringClass().getPackage();
    boolean near = !Types.isLibrary(type) && home == type.getPackage();
    return !closed && (open || near) && !method.getName().equals("finalize");
  }

  private static String key(Method method) {
    return method.getName() + Type.getMethodDescriptor(method);
  }

  // ------------------------------------------------------------ the bytes of a subclass

  private static byte[] bytes(Class<?> type, String name, List<Method> methods) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    String own = name.replace('.', '/');
    int access = Opcodes.ACC_PUBLIC | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC;
    writer.visit(Opcodes.V17, access, own, null, Type.getInternalName(type), null);
    writer.visitField(Opcodes.ACC_PUBLIC, HANDLER, INVOKED.getDescriptor(), null, null).visitEnd();
    int shared = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC;
    String array = Type.getDescriptor(Method[].class);
    writer.visitField(shared, METHODS, array, null, null).visitEnd();
    for (int i = 0; i < methods.size(); i++) {
      override(writer, own, methods.get(i), i);
    }
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static void override(ClassWriter writer, String own, Method method, int index) {
    String descriptor = Type.getMethodDescriptor(method);
    int kept = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED;
    String[] raised =
        Arrays.stream(method.getExceptionTypes()).map(Type::getInternalName).toArray(String[]::new);
    MethodVisitor code =
        writer.visitMethod(
            method.getModifiers() & kept, method.getName(), descriptor, null, raised);
    code.visitCode();
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitFieldInsn(Opcodes.GETFIELD, own, HANDLER, INVOKED.getDescriptor());
    code.visitVarInsn(Opcodes.ALOAD, 0);
    String array = Type.getDescriptor(Method[].class);
    code.visitFieldInsn(Opcodes.GETSTATIC, own, METHODS, array);
    code.visitLdcInsn(index);
    code.visitInsn(Opcodes.AALOAD);
    Type[] parameters = Type.getArgumentTypes(descriptor);
    code.visitLdcInsn(parameters.length);
    code.visitTypeInsn(Opcodes.ANEWARRAY, OBJECT.getInternalName());
    int local = 1;
    for (int i = 0; i < parameters.length; i++) {
      code.visitInsn(Opcodes.DUP);
      code.visitLdcInsn(i);
      code.visitVarInsn(parameters[i].getOpcode(Opcodes.ILOAD), local);
      box(code, parameters[i]);
      code.visitInsn(Opcodes.AASTORE);
      local += parameters[i].getSize();
    }
    String invoke =
        Type.getMethodDescriptor(
            OBJECT, OBJECT, Type.getType(Method.class), Type.getType(Object[].class));
    code.visitMethodInsn(
        Opcodes.INVOKEINTERFACE, INVOKED.getInternalName(), "invoke", invoke, true);
    unbox(code, Type.getReturnType(descriptor));
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private static void box(MethodVisitor code, Type type) {
    Class<?> wrapper = wrapper(type);
    if (wrapper != null) {
      String owner = Type.getInternalName(wrapper);
      String descriptor = Type.getMethodDescriptor(Type.getType(wrapper), type);
      code.visitMethodInsn(Opcodes.INVOKESTATIC, owner, "valueOf", descriptor, false);
    }
  }

  private static void unbox(MethodVisitor code, Type type) {
    Class<?> wrapper = wrapper(type);
    if (type.getSort() == Type.VOID) {
      code.visitInsn(Opcodes.POP);
    } else if (wrapper == null) {
      code.visitTypeInsn(Opcodes.CHECKCAST, type.getInternalName());
    } else {
      String owner = Type.getInternalName(wrapper);
      code.visitTypeInsn(Opcodes.CHECKCAST, owner);
      String descriptor = Type.getMethodDescriptor(type);
      String name = type.getClassName() + "Value";
      code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, owner, name, descriptor, false);
    }
    code.visitInsn(type.getOpcode(Opcodes.IRETURN));
  }

  private static Class<?> wrapper(Type type) {
    return switch (type.getSort()) {
      case Type.BOOLEAN -> Boolean.class;
      case Type.CHAR -> Character.class;
      case Type.BYTE -> Byte.class;
      case Type.SHORT -> Short.class;
      case Type.INT -> Integer.class;
      case Type.LONG -> Long.class;
      case Type.FLOAT -> Float.class;
      case Type.DOUBLE -> Double.class;
      default -> null;
    };
  }
}
