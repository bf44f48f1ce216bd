package parity.harness;

import java.util.BitSet;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** Which local variables may still be read behind each instruction. */
final class Liveness {
  private final BitSet[] before;

  Liveness(List<AbstractInsnNode> code, int[][] next) {
    before = new BitSet[code.size()];
    for (int i = 0; i < before.length; i++) {
      before[i] = new BitSet();
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = before.length - 1; i >= 0; i--) {
        BitSet now = new BitSet();
        for (int after : next[i]) {
          now.or(before[after]);
        }
        change(code.get(i), now);
        if (!now.equals(before[i])) {
          before[i] = now;
          changed = true;
        }
      }
    }
  }

  private static void change(AbstractInsnNode one, BitSet live) {
    if (one instanceof IincInsnNode increment) {
      live.set(increment.var);
    } else if (one instanceof VarInsnNode variable) {
      live.set(variable.var, one.getOpcode() < Opcodes.ISTORE || one.getOpcode() == Opcodes.RET);
    }
  }

  /** The variables that may be read from an instruction on. */
  BitSet before(int instruction) {
    return before[instruction];
  }
}
