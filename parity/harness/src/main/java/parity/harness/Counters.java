package parity.harness;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;
import parity.world.Reached;

/**
 * Puts counters into classes: of turns, so that what loops ends itself; and of the points that tell
 * which blocks and branches were reached.
 */
final class Counters {
  private static final int MORE_STACK = 2;
  private static final String TURNS = Rules.WORLD + "Turns";
  private static final String REACHED = Rules.WORLD + "Reached";

  private Counters() {}

  /** The class with a counter of turns at each start of a method and each jump backwards. */
  static byte[] ticking(byte[] bytes) {
    return changed(bytes, null);
  }

  /** The class with those, and with counters of its blocks and branches. */
  static byte[] marked(byte[] bytes, Points points) {
    return changed(bytes, points);
  }

  private static byte[] changed(byte[] bytes, Points points) {
    Set<String> plain = new HashSet<>();
    while (true) {
      try {
        return changed(bytes, points, plain);
      } catch (MethodTooLargeException full) {
        plain.add(full.getMethodName() + full.getDescriptor());
      }
    }
  }

  /** The class, but for the methods that have no room for more. */
  private static byte[] changed(byte[] bytes, Points points, Set<String> plain) {
    ClassReader reader;
    try {
      reader = new ClassReader(bytes);
    } catch (IllegalArgumentException newer) {
      return bytes; // of a Java that this JVM does not know either
    }
    ClassNode node = new ClassNode();
    reader.accept(node, 0);
    for (MethodNode method : node.methods) {
      if (method.instructions.size() > 0 && !plain.contains(method.name + method.desc)) {
        new Body(node.name, method, points).change();
      }
    }
    ClassWriter writer = new ClassWriter(0);
    node.accept(writer);
    return writer.toByteArray();
  }

  static boolean isReal(AbstractInsnNode one) {
    return one.getOpcode() >= 0;
  }

  static boolean isConditional(AbstractInsnNode one) {
    return one instanceof JumpInsnNode
        && one.getOpcode() != Opcodes.GOTO
        && one.getOpcode() != Opcodes.JSR;
  }

  /** One method. */
  private static final class Body {
    private final String owner;
    private final MethodNode method;
    private final Points points;
    private final Set<AbstractInsnNode> seen = new HashSet<>();
    private final Set<LabelNode> targets = new HashSet<>();
    private final Set<Integer> hashed = new HashSet<>();
    private int line;

    Body(String owner, MethodNode method, Points points) {
      this.owner = owner;
      this.method = method;
      this.points = points;
    }

    void change() {
      AbstractInsnNode[] all = method.instructions.toArray();
      for (AbstractInsnNode one : all) {
        targets.addAll(jumps(one));
      }
      for (TryCatchBlockNode block : method.tryCatchBlocks) {
        targets.add(block.handler);
      }
      int[] blocks = new int[(int) Arrays.stream(all).filter(Counters::isReal).count()];
      int index = 0;
      boolean starts = true;
      int point = -1;
      for (AbstractInsnNode one : all) {
        if (one instanceof LabelNode label) {
          starts |= targets.contains(label);
        } else if (one instanceof LineNumberNode number) {
          line = number.line;
        }
        seen.add(one);
        if (!isReal(one)) {
          continue;
        }
        if (points != null && starts) {
          point = points.add(1);
          put(one, at(point));
        }
        if (index == 0) {
          put(one, turn());
        }
        blocks[index++] = point;
        starts = false;
        List<LabelNode> ways = jumps(one);
        if (ways.stream().anyMatch(seen::contains)) {
          method.instructions.insertBefore(one, turn());
        }
        if (points != null && isConditional(one)) {
          decide((JumpInsnNode) one);
        } else if (points != null && !ways.isEmpty() && one.getOpcode() != Opcodes.GOTO) {
          choose(one);
        }
        starts = !ways.isEmpty() || ends(one);
      }
      method.maxStack += MORE_STACK;
      if (points != null) {
        points.blocks(Points.key(owner, method.name, method.desc), blocks);
      }
    }

    // A frame names what is not initialised yet by the label of its NEW: nothing comes between them.
    private void put(AbstractInsnNode one, InsnList list) {
      if (one.getOpcode() == Opcodes.NEW) {
        method.instructions.insert(one, list);
      } else {
        method.instructions.insertBefore(one, list);
      }
    }

    private static boolean ends(AbstractInsnNode one) {
      int opcode = one.getOpcode();
      return opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN || opcode == Opcodes.ATHROW;
    }

    /** Counts a conditional jump before it and where it goes on: the difference are the jumps. */
    private void decide(JumpInsnNode jump) {
      if (isOfStringSwitch(jump)) {
        return;
      }
      int first = points.add(2);
      method.instructions.insertBefore(jump, at(first));
      method.instructions.insert(jump, at(first + 1));
      points.add(branch("jump", first, first + 1));
      points.add(branch("on", first + 1, -1));
    }

    private Points.Branch branch(String way, int point, int less) {
      return new Points.Branch(owner, method.name + method.desc, line, way, point, less);
    }

    private void choose(AbstractInsnNode one) {
      if (one instanceof LookupSwitchInsnNode && isHash(before(one))) {
        if (variable(before(before(one))) >= 0) {
          hashed.add(variable(before(before(one))));
        }
        return;
      }
      int[] keys =
          one instanceof TableSwitchInsnNode table
              ? java.util.stream.IntStream.rangeClosed(table.min, table.max).toArray()
              : ((LookupSwitchInsnNode) one).keys.stream().mapToInt(key -> key).toArray();
      int first = points.add(keys.length + 1);
      Reached.keys(first, keys);
      InsnList list = new InsnList();
      list.add(new InsnNode(Opcodes.DUP));
      list.add(new LdcInsnNode(first));
      list.add(new MethodInsnNode(Opcodes.INVOKESTATIC, REACHED, "chosen", "(II)V", false));
      method.instructions.insertBefore(one, list);
      LabelNode other =
          one instanceof TableSwitchInsnNode table
              ? table.dflt
              : ((LookupSwitchInsnNode) one).dflt;
      List<LabelNode> labels =
          one instanceof TableSwitchInsnNode table
              ? table.labels
              : ((LookupSwitchInsnNode) one).labels;
      for (int i = 0; i < keys.length; i++) {
        if (labels.get(i) != other) {
          points.add(branch("case " + keys[i], first + i, -1));
        }
      }
      points.add(branch("default", first + keys.length, -1));
    }

    // A switch over texts is one over hashes first, which then compares: no decisions of the source.
    private boolean isOfStringSwitch(JumpInsnNode jump) {
      AbstractInsnNode call = before(jump);
      if (!(call instanceof MethodInsnNode made)
          || !made.owner.equals("java/lang/String")
          || !made.name.equals("equals")) {
        return false;
      }
      AbstractInsnNode text = before(call);
      return text instanceof LdcInsnNode && hashed.contains(variable(before(text)));
    }

    private static boolean isHash(AbstractInsnNode one) {
      return one instanceof MethodInsnNode call
          && call.owner.equals("java/lang/String")
          && call.name.equals("hashCode");
    }

    private static int variable(AbstractInsnNode one) {
      return one instanceof VarInsnNode load ? load.var : -1;
    }

    private static AbstractInsnNode before(AbstractInsnNode one) {
      AbstractInsnNode at = one == null ? null : one.getPrevious();
      while (at != null && (!isReal(at) || isOurs(at))) {
        at = at.getPrevious();
      }
      return at;
    }

    private static boolean isOurs(AbstractInsnNode one) {
      boolean call = one instanceof MethodInsnNode made && made.owner.startsWith(Rules.WORLD);
      AbstractInsnNode next = one.getNext();
      boolean number =
          one instanceof LdcInsnNode && next instanceof MethodInsnNode made
              && made.owner.startsWith(Rules.WORLD);
      return call || number;
    }

    private static List<LabelNode> jumps(AbstractInsnNode one) {
      if (one instanceof JumpInsnNode jump) {
        return List.of(jump.label);
      } else if (one instanceof TableSwitchInsnNode table) {
        return with(table.labels, table.dflt);
      } else if (one instanceof LookupSwitchInsnNode lookup) {
        return with(lookup.labels, lookup.dflt);
      }
      return List.of();
    }

    private static List<LabelNode> with(List<LabelNode> labels, LabelNode other) {
      Set<LabelNode> all = new HashSet<>(labels);
      all.add(other);
      return List.copyOf(all);
    }

    private static InsnList at(int point) {
      InsnList list = new InsnList();
      list.add(new LdcInsnNode(point));
      list.add(new MethodInsnNode(Opcodes.INVOKESTATIC, REACHED, "at", "(I)V", false));
      return list;
    }

    private static InsnList turn() {
      InsnList list = new InsnList();
      list.add(new MethodInsnNode(Opcodes.INVOKESTATIC, TURNS, "turn", "()V", false));
      return list;
    }
  }
}
