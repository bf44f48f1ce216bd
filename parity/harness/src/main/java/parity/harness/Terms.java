package parity.harness;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.Interpreter;

/**
 * Makes terms of instructions that nobody sees: they change nothing, and raise nothing that they did
 * not raise before. All others are {@link Unclear}.
 */
final class Terms extends Interpreter<Term> {
  /** An instruction of which nothing is known here. */
  static final class Unclear extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unclear() {
      super(null, null, false, false);
    }
  }

  private static final String LANG = "java/lang/";
  private static final String UTIL = "java/util/";
  /** They give a number from 0 up to less than the greatest int. */
  private static final Set<String> SIZES =
      Set.of(
          LANG + "String.length",
          LANG + "CharSequence.length",
          LANG + "StringBuilder.length",
          UTIL + "List.size",
          UTIL + "ArrayList.size",
          UTIL + "Collection.size",
          UTIL + "Set.size",
          UTIL + "Map.size");
  /** They give the same for the same, as long as nothing is changed. */
  private static final Set<String> SAME =
      Set.of(
          LANG + "String.charAt",
          LANG + "Integer.intValue",
          LANG + "Long.longValue",
          LANG + "Character.charValue",
          UTIL + "List.get",
          UTIL + "ArrayList.get");
  /** They raise nothing either. */
  private static final Set<String> SAFE = Set.of(LANG + "Math.min", LANG + "Math.max");

  private final Set<Term> evaluated = new HashSet<>();
  private Term from;
  private Term to;

  Terms() {
    super(Opcodes.ASM9);
  }

  /** From now on the one base is the other term. */
  void take(Term base, Term other) {
    from = base;
    to = other;
    Set<Term> changed = new HashSet<>();
    evaluated.forEach(term -> changed.add(term.with(base, other)));
    evaluated.clear();
    evaluated.addAll(changed);
  }

  /** Another that knows the same. */
  Terms copy() {
    Terms copy = new Terms();
    copy.evaluated.addAll(evaluated);
    copy.from = from;
    copy.to = to;
    return copy;
  }

  /** Whether a base is a number that stays one when a little is added to it. */
  static boolean isSmall(Term base) {
    return base.operation().startsWith("size ");
  }

  private Term made(String operation, int size, List<? extends Term> of) {
    Term made = Term.made(operation, size, of);
    return from == null ? made : made.with(from, to);
  }

  /** What may raise, unless it was worked out on this way before. */
  private Term again(String operation, int size, List<? extends Term> of, boolean mayRaise) {
    Term made = made(operation, size, of);
    if (!evaluated.contains(made)) {
      if (mayRaise) {
        throw new Unclear();
      }
      evaluated.add(made);
    }
    return made;
  }

  private boolean learning;

  /** While what has happened for certain is followed, what could have raised did not. */
  void learning(boolean now) {
    learning = now;
  }

  @Override
  public Term newValue(Type type) {
    return type == Type.VOID_TYPE ? null : made("none", type == null ? 1 : type.getSize(), List.of());
  }

  @Override
  public Term newOperation(AbstractInsnNode one) {
    int opcode = one.getOpcode();
    if (opcode >= Opcodes.ICONST_M1 && opcode <= Opcodes.ICONST_5) {
      return Term.constant(opcode - Opcodes.ICONST_0);
    } else if (one instanceof IntInsnNode number) {
      return Term.constant(number.operand);
    } else if (one instanceof LdcInsnNode constant) {
      if (constant.cst instanceof Integer number) {
        return Term.constant(number);
      }
      boolean two = constant.cst instanceof Long || constant.cst instanceof Double;
      String kind = constant.cst.getClass().getName();
      return made("ldc " + kind + " " + constant.cst, two ? 2 : 1, List.of());
    } else if (opcode == Opcodes.ACONST_NULL) {
      return made("null", 1, List.of());
    } else if (opcode == Opcodes.LCONST_0 || opcode == Opcodes.LCONST_1) {
      return made("ldc java.lang.Long " + (opcode - Opcodes.LCONST_0), 2, List.of());
    }
    throw new Unclear();
  }

  @Override
  public Term copyOperation(AbstractInsnNode one, Term value) {
    return value;
  }

  @Override
  public Term unaryOperation(AbstractInsnNode one, Term value) {
    int opcode = one.getOpcode();
    if (one instanceof IincInsnNode increment) {
      return value.plus(increment.incr);
    } else if (opcode == Opcodes.INEG) {
      return value.isConstant() ? Term.constant(-value.offset()) : made("neg", 1, List.of(value));
    } else if (opcode == Opcodes.I2L || opcode == Opcodes.I2D) {
      return made("wide " + opcode, 2, List.of(value));
    } else if (opcode == Opcodes.CHECKCAST) {
      again("cast " + ((TypeInsnNode) one).desc, 1, List.of(value), !learning);
      return value;
    } else if (opcode == Opcodes.ARRAYLENGTH) {
      return again("size array", 1, List.of(value), !learning);
    } else if (one instanceof FieldInsnNode field && opcode == Opcodes.GETFIELD) {
      int size = Type.getType(field.desc).getSize();
      return again("field " + field.owner + "." + field.name, size, List.of(value), !learning);
    } else if (opcode >= Opcodes.IFEQ && opcode <= Opcodes.IFLE
        || opcode == Opcodes.IFNULL
        || opcode == Opcodes.IFNONNULL
        || opcode >= Opcodes.IRETURN && opcode <= Opcodes.ARETURN) {
      return null;
    }
    throw new Unclear();
  }

  @Override
  public Term binaryOperation(AbstractInsnNode one, Term left, Term right) {
    int opcode = one.getOpcode();
    switch (opcode) {
      case Opcodes.IADD:
        if (right.isConstant()) {
          return left.plus(right.offset());
        }
        return left.isConstant() ? right.plus(left.offset()) : made("add", 1, List.of(left, right));
      case Opcodes.ISUB:
        if (right.isConstant()) {
          return left.plus(-right.offset());
        } else if (left.base().equals(right.base())) {
          return Term.constant(left.offset() - right.offset());
        }
        return made("sub", 1, List.of(left, right));
      case Opcodes.IMUL, Opcodes.IAND, Opcodes.IOR, Opcodes.IXOR:
        return made("int " + opcode, 1, List.of(left, right));
      case Opcodes.LADD, Opcodes.LSUB, Opcodes.LMUL:
        return made("long " + opcode, 2, List.of(left, right));
      case Opcodes.LCMP:
        return made("compared", 1, List.of(left, right));
      case Opcodes.IALOAD, Opcodes.CALOAD, Opcodes.BALOAD, Opcodes.SALOAD, Opcodes.AALOAD:
        return again("load " + opcode, 1, List.of(left, right), !learning);
      case Opcodes.LALOAD:
        return again("load " + opcode, 2, List.of(left, right), !learning);
      default:
        if (opcode >= Opcodes.IF_ICMPEQ && opcode <= Opcodes.IF_ACMPNE) {
          return null;
        }
        throw new Unclear();
    }
  }

  @Override
  public Term ternaryOperation(AbstractInsnNode one, Term a, Term b, Term c) {
    throw new Unclear();
  }

  @Override
  public Term naryOperation(AbstractInsnNode one, List<? extends Term> values) {
    if (one instanceof MethodInsnNode call) {
      String name = call.owner + "." + call.name;
      int size = Type.getReturnType(call.desc).getSize();
      if (SIZES.contains(name)) {
        return again("size " + call.name, size, values, !learning);
      } else if (SAME.contains(name)) {
        return again("call " + name + call.desc, size, values, !learning);
      } else if (SAFE.contains(name)) {
        return again("call " + name + call.desc, size, values, false);
      }
    }
    throw new Unclear();
  }

  @Override
  public void returnOperation(AbstractInsnNode one, Term value, Term expected) {
    // whoever follows the way sees it
  }

  @Override
  public Term merge(Term one, Term other) {
    throw new Unclear();
  }
}
