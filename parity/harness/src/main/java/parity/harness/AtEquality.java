package parity.harness;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Whether it makes no difference which way a comparison of whole numbers goes when both are equal.
 *
 * <p>A changed boundary ({@code <} for {@code <=}) does something else only there. So both ways are
 * followed with the two taken for equal: where they come to the same place with the same values in
 * all that is still read, or return the same, and nobody sees anything of what they did in between,
 * the mutant is the counterpart. So it is where the two cannot be equal when the comparison is
 * reached. What is not understood ends the search, and the mutant is none of these.
 */
final class AtEquality {
  private static final int STEPS = 300;
  private final MethodNode method;
  private final List<AbstractInsnNode> code;
  private final Map<LabelNode, Integer> places = new HashMap<>();
  private final int[][] next;
  private final List<List<Integer>> previous = new ArrayList<>();
  private final List<Frame<BasicValue>> frames = new ArrayList<>();
  private final Liveness liveness;

  private AtEquality(String owner, MethodNode method) throws AnalyzerException {
    this.method = method;
    Frame<BasicValue>[] all = new Analyzer<>(new BasicInterpreter()).analyze(owner, method);
    code = Mutants.code(method);
    int count = 0;
    int index = 0;
    for (AbstractInsnNode one : method.instructions) {
      if (one instanceof LabelNode label) {
        places.put(label, count);
      } else if (Counters.isReal(one)) {
        frames.add(all[index]);
        count++;
      }
      index++;
    }
    next = new int[count][];
    for (int i = 0; i < count; i++) {
      previous.add(new ArrayList<>());
    }
    for (int i = 0; i < count; i++) {
      next[i] = successors(i);
      for (int after : next[i]) {
        previous.get(after).add(i);
      }
    }
    liveness = new Liveness(code, next);
  }

  /**
   * Whether the comparison at a place of a method may go either way when both sides are equal.
   *
   * @param owner internal name of its class
   */
  static boolean isIndifferent(String owner, MethodNode method, int place) {
    if (!method.tryCatchBlocks.isEmpty() || place >= Mutants.code(method).size()) {
      return false;
    }
    try {
      return new AtEquality(owner, method).isIndifferent(place);
    } catch (Terms.Unclear | AnalyzerException unclear) {
      return false;
    }
  }

  private int[] successors(int place) {
    AbstractInsnNode one = code.get(place);
    int opcode = one.getOpcode();
    List<Integer> ways = new ArrayList<>();
    boolean goesOn =
        opcode != Opcodes.GOTO
            && opcode != Opcodes.ATHROW
            && !(opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN);
    if (one instanceof JumpInsnNode jump) {
      ways.add(places.get(jump.label));
    } else if (one instanceof TableSwitchInsnNode table) {
      table.labels.forEach(label -> ways.add(places.get(label)));
      ways.add(places.get(table.dflt));
      goesOn = false;
    } else if (one instanceof LookupSwitchInsnNode lookup) {
      lookup.labels.forEach(label -> ways.add(places.get(label)));
      ways.add(places.get(lookup.dflt));
      goesOn = false;
    }
    if (goesOn && place + 1 < code.size()) {
      ways.add(place + 1);
    }
    return ways.stream().mapToInt(way -> way).distinct().toArray();
  }

  private boolean isIndifferent(int place) throws AnalyzerException {
    if (!(code.get(place) instanceof JumpInsnNode jump) || relation(jump.getOpcode()) == null) {
      return false;
    }
    List<Integer> chain = chain(place);
    State state = new State(frames.get(chain.get(0)));
    state.terms.learning(true);
    List<Fact> facts = new ArrayList<>();
    for (int i = 0; i + 1 < chain.size(); i++) {
      Fact fact = state.fact(chain.get(i), chain.get(i + 1));
      if (fact != null) {
        facts.add(fact);
      }
      state.step(chain.get(i));
    }
    state.terms.learning(false);
    Fact here = state.fact(place, places.get(jump.label));
    if (here == null || facts.stream().anyMatch(fact -> fact.excludesEqual(here))) {
      return here != null; // the two are never equal when this is reached
    }
    state.step(place);
    if (!state.equal(here.one, here.other)) {
      return false;
    }
    return meet(way(state, places.get(jump.label)), way(state, place + 1));
  }

  /** The places that were passed for certain on the way to one, up to where the stack is empty. */
  private List<Integer> chain(int place) {
    LinkedList<Integer> chain = new LinkedList<>(List.of(place));
    Set<Integer> seen = new HashSet<>(chain);
    int at = place;
    while (at != 0 && previous.get(at).size() == 1 && seen.add(previous.get(at).get(0))) {
      at = previous.get(at).get(0);
      chain.addFirst(at);
    }
    while (frames.get(chain.getFirst()).getStackSize() > 0 && chain.size() > 1) {
      chain.removeFirst();
    }
    if (frames.get(chain.getFirst()).getStackSize() > 0) {
      throw new Terms.Unclear();
    }
    return follow(chain);
  }

  // What is not understood on the way leaves the values behind it unknown: begin after it.
  private List<Integer> follow(LinkedList<Integer> chain) {
    int start = 0;
    State state = new State(frames.get(chain.get(0)));
    state.terms.learning(true);
    for (int i = 0; i + 1 < chain.size(); i++) {
      try {
        state.step(chain.get(i));
      } catch (Terms.Unclear | AnalyzerException unclear) {
        start = i + 1;
        while (start < chain.size() && frames.get(chain.get(start)).getStackSize() > 0) {
          start++;
        }
        if (start >= chain.size()) {
          throw new Terms.Unclear();
        }
        state = new State(frames.get(chain.get(start)));
        state.terms.learning(true);
        i = start - 1;
      }
    }
    return chain.subList(start, chain.size());
  }

  // ------------------------------------------------------------ what is known at a comparison

  /** How two terms were found to be to each other. */
  private record Fact(Term one, String relation, Term other) {
    boolean excludesEqual(Fact later) {
      boolean same = one.equals(later.one) && other.equals(later.other);
      boolean turned = one.equals(later.other) && other.equals(later.one);
      return (same || turned) && !relation.contains("=");
    }
  }

  private static String relation(int opcode) {
    return switch (opcode) {
      case Opcodes.IFLT, Opcodes.IF_ICMPLT -> "<";
      case Opcodes.IFLE, Opcodes.IF_ICMPLE -> "<=";
      case Opcodes.IFGT, Opcodes.IF_ICMPGT -> ">";
      case Opcodes.IFGE, Opcodes.IF_ICMPGE -> ">=";
      default -> null;
    };
  }

  private static String anyRelation(int opcode) {
    return switch (opcode) {
      case Opcodes.IFEQ, Opcodes.IF_ICMPEQ -> "=";
      case Opcodes.IFNE, Opcodes.IF_ICMPNE -> "!";
      default -> relation(opcode);
    };
  }

  private static String opposite(String relation) {
    return switch (relation) {
      case "<" -> ">=";
      case "<=" -> ">";
      case ">" -> "<=";
      case ">=" -> "<";
      case "=" -> "!";
      default -> "=";
    };
  }

  // ------------------------------------------------------------ a way

  /** Where a way has come to: the place, and what is in variables and on the stack. */
  private final class State {
    private final Frame<Term> frame;
    private Terms terms = new Terms();

    State(Frame<BasicValue> known) {
      frame = new Frame<>(known.getLocals(), method.maxStack);
      for (int i = 0; i < known.getLocals(); i++) {
        int size = known.getLocal(i).getSize();
        frame.setLocal(i, Term.made("variable " + i, size, List.of()));
      }
    }

    private State(State other) {
      frame = new Frame<>(other.frame);
      terms = other.terms.copy();
    }

    void step(int place) throws AnalyzerException {
      int opcode = code.get(place).getOpcode();
      if (opcode == Opcodes.RET || opcode == Opcodes.JSR) {
        throw new Terms.Unclear();
      }
      try {
        frame.execute(code.get(place), terms);
      } catch (IndexOutOfBoundsException unfit) {
        throw new Terms.Unclear();
      }
    }

    /** What a jump from one place to another tells of two numbers; null where it is none. */
    Fact fact(int place, int to) {
      int opcode = code.get(place).getOpcode();
      String relation = anyRelation(opcode);
      if (relation == null || !(code.get(place) instanceof JumpInsnNode jump)) {
        return null;
      }
      boolean alone = opcode <= Opcodes.IFLE;
      int top = frame.getStackSize() - 1;
      Term other = alone ? Term.constant(0) : frame.getStack(top);
      Term one = frame.getStack(alone ? top : top - 1);
      if (alone && one.operation().equals("compared") && one.offset() == 0) {
        other = one.of().get(1);
        one = one.of().get(0);
      }
      boolean jumps = places.get(jump.label) == to && to != place + 1;
      return new Fact(one, jumps ? relation : opposite(relation), other);
    }

    /** Takes two terms for equal; false where nothing can be made of that. */
    boolean equal(Term one, Term other) {
      if (one.equals(other)) {
        return true;
      } else if (isVariable(one) && !other.has(one.base())) {
        take(one.base(), other.plus(-one.offset()));
      } else if (isVariable(other) && !one.has(other.base())) {
        take(other.base(), one.plus(-other.offset()));
      } else if (!one.isConstant() && !other.has(one.base())) {
        take(one.base(), other.plus(-one.offset()));
      } else {
        return false;
      }
      return true;
    }

    private static boolean isVariable(Term term) {
      return term.operation().startsWith("variable ");
    }

    private void take(Term base, Term other) {
      terms.take(base, other);
      for (int i = 0; i < frame.getLocals(); i++) {
        frame.setLocal(i, frame.getLocal(i).with(base, other));
      }
      for (int i = 0; i < frame.getStackSize(); i++) {
        frame.setStack(i, frame.getStack(i).with(base, other));
      }
    }

    State copy() {
      return new State(this);
    }

    /** Where it goes on from a place. */
    int next(int place) {
      if (next[place].length == 1) {
        return next[place][0];
      }
      Fact fact = next[place].length == 2 ? fact(place, next[place][0]) : null;
      Boolean holds = fact == null ? null : holds(fact);
      if (holds == null) {
        throw new Terms.Unclear();
      }
      return holds ? next[place][0] : next[place][1];
    }

    private Boolean holds(Fact fact) {
      if (!fact.one.base().equals(fact.other.base())
          && !(fact.one.isConstant() && fact.other.isConstant())) {
        return null;
      }
      int one = fact.one.offset();
      int other = fact.other.offset();
      boolean exact =
          one == other
              || fact.relation.equals("=")
              || fact.relation.equals("!")
              || fact.one.isConstant()
              || Terms.isSmall(fact.one.base()) && Math.abs((long) one) < 8 && Math.abs((long) other) < 8;
      if (!exact) {
        return null;
      }
      return switch (fact.relation) {
        case "<" -> one < other;
        case "<=" -> one <= other;
        case ">" -> one > other;
        case ">=" -> one >= other;
        case "=" -> one == other;
        default -> one != other;
      };
    }

    /** All that is still read from a place on. */
    List<Term> read(int place) {
      List<Term> read = new ArrayList<>();
      BitSet live = liveness.before(place);
      for (int i = live.nextSetBit(0); i >= 0; i = live.nextSetBit(i + 1)) {
        read.add(frame.getLocal(i));
      }
      for (int i = 0; i < frame.getStackSize(); i++) {
        read.add(frame.getStack(i));
      }
      return read;
    }

    Term top() {
      return frame.getStackSize() == 0 ? null : frame.getStack(frame.getStackSize() - 1);
    }
  }

  /** A place that a way comes to, with all that is read from there on; or what it returns. */
  private record Stop(int place, List<Term> read) {}

  /** The stops of a way from a place on, as far as it is understood. */
  private List<Stop> way(State start, int from) {
    List<Stop> stops = new ArrayList<>();
    State state = start.copy();
    int at = from;
    try {
      for (int steps = 0; steps < STEPS; steps++) {
        stops.add(new Stop(at, state.read(at)));
        int opcode = code.get(at).getOpcode();
        if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
          Term given = opcode == Opcodes.RETURN ? null : state.top();
          stops.add(new Stop(-opcode, given == null ? List.of() : List.of(given)));
          return stops;
        }
        int after = state.next(at);
        state.step(at);
        at = after;
      }
    } catch (Terms.Unclear | AnalyzerException unclear) {
      return stops;
    }
    return stops;
  }

  private static boolean meet(List<Stop> one, List<Stop> other) {
    Set<Stop> seen = new HashSet<>(one);
    return other.stream().filter(Objects::nonNull).anyMatch(seen::contains);
  }
}
