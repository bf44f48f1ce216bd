package parity.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import parity.world.Probes;

/** Puts probes into the classes whose branches are of interest. */
final class Covering {
  private static final int API = Opcodes.ASM9;
  private static final int CLASS = 7;
  private static final String PROBES = Rules.WORLD + "Probes";
  private final Set<Entry> entries = ConcurrentHashMap.newKeySet();
  private boolean on;

  /** From now on classes get probes. */
  void begin() {
    on = true;
  }

  boolean isOn() {
    return on;
  }

  /** Classes of this entry are of interest too, beside those of folders. */
  void add(Entry entry) {
    entries.add(entry);
  }

  /** The class files that a class names. */
  static List<String> named(byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    char[] buffer = new char[reader.getMaxStringLength()];
    List<String> files = new ArrayList<>();
    for (int i = 1; i < reader.getItemCount(); i++) {
      int at = reader.getItem(i);
      if (at != 0 && reader.readByte(at - 1) == CLASS) {
        files.add(reader.readUTF8(at, buffer) + ".class");
      }
    }
    return files;
  }

  /** The bytes to define for a class of an entry. */
  byte[] covered(byte[] bytes, Entry place) {
    boolean wanted = on && (place instanceof Entry.Folder || entries.contains(place));
    return wanted ? probed(bytes) : bytes;
  }

  /** The class with a probe wherever its code can go on in more than one way. */
  byte[] probed(byte[] bytes) {
    if (!on) {
      return bytes;
    }
    try {
      ClassReader reader = new ClassReader(bytes);
      ClassWriter writer = new ClassWriter(reader, 0);
      reader.accept(new Probing(writer), 0);
      return writer.toByteArray();
    } catch (IllegalArgumentException | MethodTooLargeException unfit) {
      return bytes;
    }
  }

  private static final class Probing extends ClassVisitor {
    private String self = "";

    Probing(ClassVisitor next) {
      super(API, next);
    }

    @Override
    public void visit(
        int version, int access, String name, String signature, String above, String[] faces) {
      self = name;
      super.visit(version, access, name, signature, above, faces);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      return next == null ? null : new Body(next, self + "." + name + descriptor);
    }
  }

  private static final class Body extends MethodVisitor {
    private final String method;
    private int count;
    private boolean pending;

    Body(MethodVisitor next, String method) {
      super(API, next);
      this.method = method;
    }

    @Override
    public void visitCode() {
      super.visitCode();
      pending = true;
    }

    // The compiler writes a frame wherever a jump may lead.
    @Override
    public void visitFrame(int type, int locals, Object[] local, int stack, Object[] onStack) {
      super.visitFrame(type, locals, local, stack, onStack);
      pending = true;
    }

    private void probe() {
      if (pending) {
        pending = false;
        super.visitLdcInsn(Probes.register((method + "#" + count++).hashCode()));
        super.visitMethodInsn(Opcodes.INVOKESTATIC, PROBES, "hit", "(I)V", false);
      }
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
      probe();
      super.visitJumpInsn(opcode, label);
      pending = opcode != Opcodes.GOTO && opcode != Opcodes.JSR;
    }

    @Override
    public void visitMaxs(int stack, int locals) {
      super.visitMaxs(stack + 1, locals);
    }

    @Override
    public void visitInsn(int opcode) {
      probe();
      super.visitInsn(opcode);
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      probe();
      super.visitIntInsn(opcode, operand);
    }

    @Override
    public void visitVarInsn(int opcode, int index) {
      probe();
      super.visitVarInsn(opcode, index);
    }

    // A frame names what is not initialised yet by the label of its NEW: nothing comes between them.
    @Override
    public void visitTypeInsn(int opcode, String type) {
      if (opcode != Opcodes.NEW) {
        probe();
      }
      super.visitTypeInsn(opcode, type);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      probe();
      super.visitFieldInsn(opcode, owner, name, descriptor);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      probe();
      super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      probe();
      super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
    }

    @Override
    public void visitLdcInsn(Object value) {
      probe();
      super.visitLdcInsn(value);
    }

    @Override
    public void visitIincInsn(int index, int increment) {
      probe();
      super.visitIincInsn(index, increment);
    }

    @Override
    public void visitTableSwitchInsn(int low, int high, Label other, Label... labels) {
      probe();
      super.visitTableSwitchInsn(low, high, other, labels);
    }

    @Override
    public void visitLookupSwitchInsn(Label other, int[] keys, Label[] labels) {
      probe();
      super.visitLookupSwitchInsn(other, keys, labels);
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
      probe();
      super.visitMultiANewArrayInsn(descriptor, dimensions);
    }
  }
}
