package parity.harness;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.MultiANewArrayInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** The instructions of a method as texts that can be compared. */
final class Code {
  private final List<String> operations = new ArrayList<>();
  private final List<List<Integer>> targets = new ArrayList<>();

  /** No instructions at all. */
  static final Code NONE = new Code(new MethodNode());

  Code(MethodNode method) {
    Map<LabelNode, Integer> places = new HashMap<>();
    int count = 0;
    for (AbstractInsnNode one : method.instructions) {
      if (one instanceof LabelNode label) {
        places.put(label, count);
      } else if (Counters.isReal(one)) {
        count++;
      }
    }
    for (AbstractInsnNode one : method.instructions) {
      if (Counters.isReal(one)) {
        operations.add(one.getOpcode() + operands(one));
        targets.add(labels(one).stream().map(places::get).toList());
      }
    }
  }

  private static List<LabelNode> labels(AbstractInsnNode one) {
    List<LabelNode> labels = new ArrayList<>();
    if (one instanceof JumpInsnNode jump) {
      labels.add(jump.label);
    } else if (one instanceof TableSwitchInsnNode table) {
      labels.addAll(table.labels);
      labels.add(table.dflt);
    } else if (one instanceof LookupSwitchInsnNode lookup) {
      labels.addAll(lookup.labels);
      labels.add(lookup.dflt);
    }
    return labels;
  }

  private static String operands(AbstractInsnNode one) {
    if (one instanceof VarInsnNode variable) {
      return " " + variable.var;
    } else if (one instanceof IntInsnNode number) {
      return " " + number.operand;
    } else if (one instanceof IincInsnNode increment) {
      return " " + increment.var + " " + increment.incr;
    } else if (one instanceof LdcInsnNode constant) {
      return " " + constant.cst.getClass().getName() + " " + constant.cst;
    } else if (one instanceof TypeInsnNode type) {
      return " " + type.desc;
    } else if (one instanceof FieldInsnNode field) {
      return " " + field.owner + "." + field.name + field.desc;
    } else if (one instanceof MethodInsnNode call) {
      return " " + call.owner + "." + call.name + call.desc;
    } else if (one instanceof InvokeDynamicInsnNode dynamic) {
      return " " + dynamic.name + dynamic.desc + dynamic.bsm + List.of(dynamic.bsmArgs);
    } else if (one instanceof TableSwitchInsnNode table) {
      return " " + table.min + " " + table.max;
    } else if (one instanceof LookupSwitchInsnNode lookup) {
      return " " + lookup.keys;
    } else if (one instanceof MultiANewArrayInsnNode array) {
      return " " + array.desc + " " + array.dims;
    }
    return "";
  }

  /** The first instruction that another code does not have in the same place. */
  int parting(Code other) {
    int most = Math.min(operations.size(), other.operations.size());
    for (int i = 0; i < most; i++) {
      if (!operations.get(i).equals(other.operations.get(i))) {
        return i;
      }
    }
    return most;
  }

  /** Whether both are the same instructions. */
  boolean isAs(Code other) {
    return operations.equals(other.operations) && targets.equals(other.targets);
  }
}
