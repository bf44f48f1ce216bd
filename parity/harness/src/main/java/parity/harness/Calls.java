package parity.harness;

import java.util.function.Consumer;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** The methods that a class names in its code. */
final class Calls {
  private Calls() {}

  /** Hands over each method that is called or referred to. */
  static void of(byte[] bytes, Consumer<Handle> taker) {
    ClassNode node = new ClassNode();
    new ClassReader(bytes).accept(node, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    for (MethodNode method : node.methods) {
      for (AbstractInsnNode one : method.instructions) {
        if (one instanceof MethodInsnNode call) {
          boolean makes = call.name.equals("<init>");
          int tag = makes ? Opcodes.H_NEWINVOKESPECIAL : Opcodes.H_INVOKESTATIC;
          taker.accept(new Handle(tag, call.owner, call.name, call.desc, call.itf));
        } else if (one instanceof InvokeDynamicInsnNode dynamic) {
          for (Object argument : dynamic.bsmArgs) {
            if (argument instanceof Handle handle) {
              taker.accept(handle);
            }
          }
        }
      }
    }
  }
}
