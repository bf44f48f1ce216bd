package parity.harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.pitest.classinfo.ClassName;
import org.pitest.mutationtest.engine.Location;
import org.pitest.mutationtest.engine.MutationDetails;
import org.pitest.mutationtest.engine.MutationIdentifier;
import org.pitest.mutationtest.engine.gregor.GregorMutater;
import org.pitest.mutationtest.engine.gregor.MethodMutatorFactory;
import org.pitest.mutationtest.engine.gregor.mutators.ConditionalsBoundaryMutator;
import org.pitest.mutationtest.engine.gregor.mutators.IncrementsMutator;
import org.pitest.mutationtest.engine.gregor.mutators.InvertNegsMutator;
import org.pitest.mutationtest.engine.gregor.mutators.MathMutator;
import org.pitest.mutationtest.engine.gregor.mutators.NegateConditionalsMutator;
import org.pitest.mutationtest.engine.gregor.mutators.VoidMethodCallMutator;
import org.pitest.mutationtest.engine.gregor.mutators.returns.BooleanFalseReturnValsMutator;
import org.pitest.mutationtest.engine.gregor.mutators.returns.BooleanTrueReturnValsMutator;
import org.pitest.mutationtest.engine.gregor.mutators.returns.EmptyObjectReturnValsMutator;
import org.pitest.mutationtest.engine.gregor.mutators.returns.NullReturnValsMutator;
import org.pitest.mutationtest.engine.gregor.mutators.returns.PrimitiveReturnsMutator;

/** Makes mutants of classes: PIT's engine, with its default mutators. */
final class Mutants {
  /** What PIT takes where nobody chooses mutators. */
  static final List<MethodMutatorFactory> DEFAULTS =
      List.of(
          InvertNegsMutator.INVERT_NEGS,
          MathMutator.MATH,
          VoidMethodCallMutator.VOID_METHOD_CALLS,
          NegateConditionalsMutator.NEGATE_CONDITIONALS,
          ConditionalsBoundaryMutator.CONDITIONALS_BOUNDARY,
          IncrementsMutator.INCREMENTS,
          BooleanTrueReturnValsMutator.TRUE_RETURNS,
          BooleanFalseReturnValsMutator.FALSE_RETURNS,
          PrimitiveReturnsMutator.PRIMITIVE_RETURNS,
          EmptyObjectReturnValsMutator.EMPTY_RETURNS,
          NullReturnValsMutator.NULL_RETURNS);

  private static final int ROOM = 64 << 20;
  private final GregorMutater engine;
  private final Function<String, byte[]> classes;
  private final Map<String, ClassNode> nodes = new TreeMap<>();
  private final Filters filters = new Filters();
  private final Map<MutationIdentifier, byte[]> made = new HashMap<>();
  private int room = ROOM;

  /** One mutant, in a method of a class. */
  record Mutant(MutationDetails details, String owner, String method) {
    MutationIdentifier id() {
      return details.getId();
    }

    String key() {
      return owner + "." + method;
    }
  }

  /**
   * @param classes the bytes of a class by its internal name, null where there is none
   */
  Mutants(Function<String, byte[]> classes) {
    this.classes = classes;
    engine = new GregorMutater(this::bytes, method -> true, DEFAULTS);
  }

  private Optional<byte[]> bytes(String name) {
    return Optional.ofNullable(classes.apply(name.replace('.', '/')));
  }

  private static String method(MutationDetails details) {
    Location place = details.getId().getLocation();
    return place.getMethodName() + place.getMethodDesc();
  }

  /** How many mutants PIT's filters have dropped, by filter. */
  Map<String, Long> dropped() {
    return filters.dropped();
  }

  // What the compiler adds by itself is not the counterpart's code; a lambda's body is.
  private boolean isWritten(Set<String> methods, String name, String called) {
    if (!methods.contains(name + "." + called)) {
      return false;
    }
    ClassNode owner = node(name);
    MethodNode method = method(owner, called);
    boolean added =
        (method.access & (Opcodes.ACC_SYNTHETIC | Opcodes.ACC_BRIDGE)) != 0
            && !method.name.startsWith("lambda$");
    boolean ofEnum =
        "java/lang/Enum".equals(owner.superName)
            && (method.name.equals("values") || method.name.equals("valueOf"));
    return !added && !ofEnum;
  }

  /** The mutants of some methods, in the order of their source. */
  List<Mutant> of(Set<String> methods) {
    Set<String> owners = new TreeSet<>();
    methods.forEach(method -> owners.add(method.substring(0, method.indexOf('.'))));
    List<Mutant> found = new ArrayList<>();
    for (String owner : owners) {
      Collection<MutationDetails> all =
          engine.findMutations(ClassName.fromString(owner.replace('/', '.'))).stream()
              .filter(details -> isWritten(methods, owner, method(details)))
              .toList();
      for (MutationDetails details : filters.left(classes.apply(owner), all, engine)) {
        found.add(new Mutant(details, owner, method(details)));
      }
    }
    found.sort(
        Comparator.comparing(Mutant::owner)
            .thenComparing(mutant -> mutant.details.getLineNumber())
            .thenComparing(Mutant::method)
            .thenComparing(mutant -> mutant.details.getFirstIndex())
            .thenComparing(mutant -> mutant.details.getMutator())
            .thenComparing(mutant -> mutant.details.getDescription()));
    return found;
  }

  /** The class of a mutant; those that were made are kept while there is room. */
  byte[] bytes(Mutant mutant) {
    byte[] known = made.get(mutant.id());
    if (known != null) {
      return known;
    }
    byte[] bytes = engine.getMutation(mutant.id()).getBytes();
    if (room >= bytes.length) {
      room -= bytes.length;
      made.put(mutant.id(), bytes);
    }
    return bytes;
  }

  /** The code of a method before it was changed. */
  MethodNode before(Mutant mutant) {
    return method(node(mutant.owner), mutant.method);
  }

  private ClassNode node(String name) {
    return nodes.computeIfAbsent(name, owner -> read(classes.apply(owner)));
  }

  static ClassNode read(byte[] bytes) {
    ClassNode node = new ClassNode();
    new ClassReader(bytes).accept(node, ClassReader.SKIP_FRAMES);
    return node;
  }

  static MethodNode method(ClassNode node, String method) {
    return node.methods.stream()
        .filter(each -> (each.name + each.desc).equals(method))
        .findFirst()
        .orElseThrow();
  }

  /** The instructions of a method, without labels, frames and lines. */
  static List<AbstractInsnNode> code(MethodNode method) {
    return Arrays.stream(method.instructions.toArray()).filter(Counters::isReal).toList();
  }
}
