package parity.harness;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Rewrites classes while they are defined, so that exits, clocks, lots, the environment and threads
 * go through {@code parity.world}. What needs nothing keeps its bytes.
 */
final class Rewriter implements Rewriting {
  private static final int API = Opcodes.ASM9;
  private static final int METHOD = 10;
  private static final int INTERFACE_METHOD = 11;
  private static final int MORE_STACK = 3;
  private static final String THREADS = Rules.WORLD + "Threads";
  private static final String TRACE = Rules.WORLD + "Trace";
  private final Rules rules = new Rules();
  private final Covering covering = new Covering();

  /** What puts probes into classes. */
  Covering covering() {
    return covering;
  }

  @Override
  public byte[] rewritten(String name, byte[] bytes, Entry place, boolean shared) {
    byte[] made = rewritten(bytes, shared);
    return place == null ? covering.probed(made) : covering.covered(made, place);
  }

  /** The bytes to define of a class whose name does not matter. */
  byte[] rewritten(byte[] bytes, boolean shared) {
    ClassReader reader;
    try {
      reader = new ClassReader(bytes);
    } catch (IllegalArgumentException newer) {
      return bytes; // of a Java that this JVM does not know either
    }
    if (!isOfInterest(reader)) {
      return bytes;
    }
    Scan scan = new Scan(shared);
    reader.accept(scan, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    if (scan.touched.isEmpty()) {
      return bytes;
    }
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(new Change(writer, scan, shared), 0);
    return writer.toByteArray();
  }

  /** Whether the constant pool names a method that a rule may be for. */
  private boolean isOfInterest(ClassReader reader) {
    char[] buffer = new char[reader.getMaxStringLength()];
    int count = reader.getItemCount();
    byte[] owners = new byte[count];
    for (int i = 1; i < count; i++) {
      int at = reader.getItem(i);
      if (at == 0) {
        continue; // the second half of a long or double
      }
      int tag = reader.readByte(at - 1);
      if (tag == METHOD || tag == INTERFACE_METHOD) {
        int owner = reader.readUnsignedShort(at);
        if (owners[owner] == 0) {
          owners[owner] = (byte) (rules.knows(reader.readClass(at, buffer)) ? 1 : 2);
        }
        int name = reader.getItem(reader.readUnsignedShort(at + 2));
        if (owners[owner] == 1 || mayStart(reader, name, buffer)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean mayStart(ClassReader reader, int nameAndType, char[] buffer) {
    return Rules.knowsName(reader.readUTF8(nameAndType, buffer));
  }

  private boolean isTouched(int opcode, String owner, String name, String type, boolean shared) {
    if (opcode == Opcodes.INVOKESPECIAL && !name.equals("<init>")) {
      return false; // super.method(…)
    }
    return rules.call(owner, name, type) != null
        || rules.opensFile(owner, name, type)
        || rules.isBeyond(owner, name)
        || Rules.mayStart(owner, name, type)
        || Rules.shared(owner, name) != null
        || isMaker(owner, name, type)
        || shared && Rules.isLookup(owner, name, type);
  }

  private static boolean isMaker(String owner, String name, String type) {
    return name.equals("<init>") && type.equals("()V") && Rules.isMade(owner);
  }

  /** Finds the methods to change, and where each makes what another class stands in for. */
  private final class Scan extends ClassVisitor {
    private final boolean shared;
    private final Map<String, BitSet> touched = new HashMap<>();

    Scan(boolean shared) {
      super(API);
      this.shared = shared;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String method, String descriptor, String signature, String[] exceptions) {
      return new MethodVisitor(API) {
        private String made; // class of the last NEW, while nothing but DUP has come after it
        private boolean copied;
        private int count;
        private final BitSet replaced = new BitSet();

        private void touch() {
          touched.put(method + descriptor, replaced);
        }

        private void other() {
          made = null;
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
          other();
          if (opcode == Opcodes.NEW) {
            made = type;
            copied = false;
            count++;
          }
        }

        @Override
        public void visitInsn(int opcode) {
          copied = opcode == Opcodes.DUP && made != null && !copied;
          if (!copied) {
            other();
          }
        }

        @Override
        public void visitMethodInsn(
            int opcode, String owner, String name, String type, boolean isInterface) {
          boolean simple = copied && owner.equals(made) && name.equals("<init>");
          if (isTouched(opcode, owner, name, type, shared)) {
            touch();
            if (simple && type.equals("()V")) {
              replaced.set(count);
            }
          }
          other();
        }

        @Override
        public void visitInvokeDynamicInsn(
            String name, String type, Handle bootstrap, Object... arguments) {
          other();
          for (Object argument : arguments) {
            constant(argument);
          }
        }

        @Override
        public void visitLdcInsn(Object value) {
          other();
          constant(value);
        }

        private void constant(Object value) {
          if (value instanceof Handle handle
              && isTouched(0, handle.getOwner(), handle.getName(), handle.getDesc(), false)) {
            touch();
          } else if (value instanceof ConstantDynamic dynamic) {
            for (int i = 0; i < dynamic.getBootstrapMethodArgumentCount(); i++) {
              constant(dynamic.getBootstrapMethodArgument(i));
            }
          }
        }

        @Override
        public void visitJumpInsn(int opcode, org.objectweb.asm.Label label) {
          other();
        }

        @Override
        public void visitIntInsn(int opcode, int operand) {
          other();
        }

        @Override
        public void visitVarInsn(int opcode, int index) {
          other();
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String type) {
          other();
        }
      };
    }
  }

  private final class Change extends ClassVisitor {
    private final Scan scan;
    private final boolean shared;
    private String self;
    private int version;

    Change(ClassVisitor next, Scan scan, boolean shared) {
      super(API, next);
      this.scan = scan;
      this.shared = shared;
    }

    @Override
    public void visit(
        int version, int access, String name, String signature, String above, String[] faces) {
      this.version = version & 0xffff;
      this.self = name;
      super.visit(version, access, name, signature, above, faces);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      BitSet replaced = scan.touched.get(name + descriptor);
      boolean lookups = shared && version >= Opcodes.V1_5;
      return replaced == null ? next : new Body(next, replaced, self, lookups, shared);
    }
  }

  private final class Body extends MethodVisitor {
    private final BitSet replaced;
    private final String self;
    private final boolean lookups;
    private final boolean shared;
    private int count;

    Body(MethodVisitor next, BitSet replaced, String self, boolean lookups, boolean shared) {
      super(API, next);
      this.replaced = replaced;
      this.self = self;
      this.lookups = lookups;
      this.shared = shared;
    }

    @Override
    public void visitMaxs(int stack, int locals) {
      super.visitMaxs(stack + MORE_STACK, locals);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      boolean other =
          opcode == Opcodes.NEW && replaced.get(++count) && Rules.isReplaced(type);
      super.visitTypeInsn(opcode, other ? Rules.replacement(type) : type);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String type, boolean isInterface) {
      if (opcode == Opcodes.INVOKESPECIAL && !name.equals("<init>")) {
        super.visitMethodInsn(opcode, owner, name, type, isInterface);
        return;
      }
      note(owner, name, type);
      Rules.Call call = standIn(owner, name, type);
      if (call != null && (call.receiver() == null) == (opcode == Opcodes.INVOKESTATIC)) {
        stand(call, type);
      } else if (isMaker(owner, name, type)) {
        make(owner);
      } else if (lookups && Rules.isLookup(owner, name, type)) {
        lookUp(owner, name, type);
      } else {
        super.visitMethodInsn(opcode, owner, name, type, isInterface);
      }
    }

    private Rules.Call standIn(String owner, String name, String type) {
      Rules.Call call = rules.call(owner, name, type);
      return call != null && shared && call.isOfOwn() ? null : call;
    }

    private void note(String owner, String name, String type) {
      if (Rules.mayStart(owner, name, type)) {
        invoke(THREADS, "mayStart", "()V");
      }
      noteShared(owner, name);
      if (rules.isBeyond(owner, name)) {
        super.visitLdcInsn(owner.replace('/', '.'));
        invoke(TRACE, "beyond", "(Ljava/lang/String;)V");
      }
      if (rules.opensFile(owner, name, type)) {
        int arguments = Type.getArgumentTypes(type).length;
        if (arguments == 2) {
          super.visitInsn(Opcodes.DUP2);
          super.visitInsn(Opcodes.POP);
        } else {
          super.visitInsn(Opcodes.DUP);
        }
        invoke(TRACE, "file", "(Ljava/lang/Object;)V");
      }
    }

    private void stand(Rules.Call call, String type) {
      int dot = call.target().indexOf('.');
      String home = Rules.WORLD + call.target().substring(0, dot);
      String told = call.descriptor(type);
      invoke(home, call.target().substring(dot + 1), told);
      Type wanted = Type.getReturnType(type);
      if (!wanted.equals(Type.getReturnType(told))) {
        super.visitTypeInsn(Opcodes.CHECKCAST, wanted.getInternalName());
      }
    }

    private void make(String owner) {
      boolean made = replaced.get(count);
      replaced.clear(count);
      switch (owner) {
        case "java/util/Date" -> {
          invoke(Rules.WORLD + "Clocks", "currentTimeMillis", "()J");
          super.visitMethodInsn(Opcodes.INVOKESPECIAL, owner, "<init>", "(J)V", false);
        }
        case "java/util/GregorianCalendar" -> {
          super.visitMethodInsn(Opcodes.INVOKESPECIAL, owner, "<init>", "()V", false);
          if (made) {
            super.visitInsn(Opcodes.DUP);
            invoke(Rules.WORLD + "Clocks", "set", "(Ljava/util/Calendar;)V");
          }
        }
        case "java/util/SplittableRandom" -> seeded(owner);
        default -> {
          if (made) {
            String other = Rules.replacement(owner);
            super.visitMethodInsn(Opcodes.INVOKESPECIAL, other, "<init>", "()V", false);
          } else if (owner.equals(Rules.RANDOM)) {
            seeded(owner);
          } else {
            super.visitMethodInsn(Opcodes.INVOKESPECIAL, owner, "<init>", "()V", false);
          }
        }
      }
    }

    private void seeded(String owner) {
      invoke(Rules.WORLD + "Chances", "seed", "()J");
      super.visitMethodInsn(Opcodes.INVOKESPECIAL, owner, "<init>", "(J)V", false);
    }

    private void lookUp(String owner, String name, String type) {
      String stand = type;
      if (owner.equals("java/lang/ClassLoader")) {
        stand = taking(owner, type);
      } else if (type.startsWith("(Ljava/lang/String;)")) {
        super.visitLdcInsn(Type.getObjectType(self));
        stand = "(Ljava/lang/String;Ljava/lang/Class;)Ljava/lang/Class;";
      }
      invoke(Rules.WORLD + "Lookups", name, stand);
    }

    private void invoke(String home, String name, String type) {
      super.visitMethodInsn(Opcodes.INVOKESTATIC, home, name, type, false);
    }

    // ---------------------------------------------------------- references to methods

    @Override
    public void visitInvokeDynamicInsn(
        String name, String type, Handle bootstrap, Object... arguments) {
      Object[] others = new Object[arguments.length];
      String taken = type;
      for (int i = 0; i < arguments.length; i++) {
        others[i] = constant(arguments[i]);
        if (arguments[i] instanceof Handle handle) {
          noteReference(handle);
          taken = others[i] == handle ? taken : capturing(handle, taken);
        }
      }
      super.visitInvokeDynamicInsn(name, taken, bootstrap, others);
    }

    // The object that a reference is bound to is captured as the type that what stands in takes.
    private String capturing(Handle handle, String type) {
      Rules.Call call = standIn(handle.getOwner(), handle.getName(), handle.getDesc());
      Type[] captured = Type.getArgumentTypes(type);
      if (call == null || call.receiver() == null || captured.length == 0) {
        return type;
      }
      captured[0] = Type.getObjectType(call.receiver());
      return Type.getMethodDescriptor(Type.getReturnType(type), captured);
    }

    private void noteShared(String owner, String name) {
      String told = Rules.shared(owner, name);
      if (told != null) {
        invoke(told, "changed", "()V");
      }
    }

    private void noteReference(Handle handle) {
      if (Rules.mayStart(handle.getOwner(), handle.getName(), handle.getDesc())) {
        invoke(THREADS, "mayStart", "()V");
      }
      noteShared(handle.getOwner(), handle.getName());
      boolean stoodFor =
          standIn(handle.getOwner(), handle.getName(), handle.getDesc()) != null;
      if (rules.isBeyond(handle.getOwner(), handle.getName()) && !stoodFor
          || rules.opensFile(handle.getOwner(), handle.getName(), handle.getDesc())
              && !Rules.hasOpener(handle.getOwner(), handle.getDesc())) {
        super.visitLdcInsn(handle.getOwner().replace('/', '.'));
        invoke(TRACE, "beyond", "(Ljava/lang/String;)V");
      }
    }

    @Override
    public void visitLdcInsn(Object value) {
      super.visitLdcInsn(constant(value));
    }

    private Object constant(Object value) {
      if (value instanceof Handle handle) {
        return handle(handle);
      } else if (value instanceof ConstantDynamic dynamic) {
        List<Object> arguments = new ArrayList<>();
        for (int i = 0; i < dynamic.getBootstrapMethodArgumentCount(); i++) {
          arguments.add(constant(dynamic.getBootstrapMethodArgument(i)));
        }
        return new ConstantDynamic(
            dynamic.getName(),
            dynamic.getDescriptor(),
            dynamic.getBootstrapMethod(),
            arguments.toArray());
      }
      return value;
    }

    private Handle handle(Handle handle) {
      Rules.Call call = standIn(handle.getOwner(), handle.getName(), handle.getDesc());
      boolean isStatic = handle.getTag() == Opcodes.H_INVOKESTATIC;
      boolean ofSuper = handle.getTag() == Opcodes.H_INVOKESPECIAL;
      if (call != null && !call.isLoose() && !ofSuper && (call.receiver() == null) == isStatic) {
        int dot = call.target().indexOf('.');
        return to(
            call.target().substring(0, dot),
            call.target().substring(dot + 1),
            taking(call.receiver(), handle.getDesc()));
      } else if (rules.opensFile(handle.getOwner(), handle.getName(), handle.getDesc())
          && Rules.hasOpener(handle.getOwner(), handle.getDesc())) {
        return to("Opened", handle.getName(), handle.getDesc());
      } else if (isMaker(handle.getOwner(), handle.getName(), handle.getDesc())) {
        return maker(handle.getOwner());
      }
      return handle;
    }

    private static Handle maker(String owner) {
      String made = "()L" + owner + ";";
      return switch (owner) {
        case "java/util/Date" -> to("Clocks", "newDate", made);
        case "java/util/GregorianCalendar" -> to("Clocks", "newCalendar", made);
        case "java/util/SplittableRandom" -> to("Chances", "newSplittableRandom", made);
        default ->
            new Handle(
                Opcodes.H_NEWINVOKESPECIAL, Rules.replacement(owner), "<init>", "()V", false);
      };
    }

    private static Handle to(String home, String name, String type) {
      return new Handle(Opcodes.H_INVOKESTATIC, Rules.WORLD + home, name, type, false);
    }

    private static String taking(String receiver, String type) {
      return receiver == null ? type : "(L" + receiver + ";" + type.substring(1);
    }
  }
}
