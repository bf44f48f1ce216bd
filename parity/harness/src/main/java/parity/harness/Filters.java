package parity.harness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.pitest.bytecode.analysis.ClassTree;
import org.pitest.mutationtest.build.MutationInterceptor;
import org.pitest.mutationtest.build.intercept.equivalent.DivisionByMinusOneFilterFactory;
import org.pitest.mutationtest.build.intercept.equivalent.EqualsPerformanceShortcutFilterFactory;
import org.pitest.mutationtest.build.intercept.equivalent.EquivalentReturnMutationFilter;
import org.pitest.mutationtest.build.intercept.equivalent.NullFinalFieldAssignmentFilter;
import org.pitest.mutationtest.build.intercept.groovy.GroovyFilter;
import org.pitest.mutationtest.build.intercept.javafeatures.AssertFilter;
import org.pitest.mutationtest.build.intercept.javafeatures.EnumFilter;
import org.pitest.mutationtest.build.intercept.javafeatures.EnumSwitchFilter;
import org.pitest.mutationtest.build.intercept.javafeatures.ForEachLoopFilter;
import org.pitest.mutationtest.build.intercept.javafeatures.ImplicitNullCheckFilter;
import org.pitest.mutationtest.build.intercept.javafeatures.InlinedFinallyBlockFilter;
import org.pitest.mutationtest.build.intercept.javafeatures.MethodReferenceNullCheckFilter;
import org.pitest.mutationtest.build.intercept.javafeatures.RecordFilter;
import org.pitest.mutationtest.build.intercept.javafeatures.StringSwitchFilter;
import org.pitest.mutationtest.build.intercept.javafeatures.TryWithResourcesFilter;
import org.pitest.mutationtest.build.intercept.kotlin.KotlinFilter;
import org.pitest.mutationtest.build.intercept.logging.LoggingCallsFilter;
import org.pitest.mutationtest.engine.Mutater;
import org.pitest.mutationtest.engine.MutationDetails;

/**
 * What PIT by default does not take for mutants: changes of what only the compiler wrote, calls of
 * loggers, and code that returns the same as before. PIT's filters of what does not end and of
 * static initialisers are not among them: such mutants are run here.
 */
final class Filters {
  private static final List<String> LOGGERS =
      List.of(
          "java.util.logging",
          "org.apache.log4j",
          "org.apache.logging.log4j",
          "org.slf4j",
          "org.apache.commons.logging",
          "org.jboss.logging");
  private static final Map<String, Supplier<MutationInterceptor>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("same-return", () -> new EquivalentReturnMutationFilter().createInterceptor(null));
    ALL.put("equals-shortcut", () -> new EqualsPerformanceShortcutFilterFactory().createInterceptor(null));
    ALL.put("divided-by-one", () -> new DivisionByMinusOneFilterFactory().createInterceptor(null));
    ALL.put("null-final-field", NullFinalFieldAssignmentFilter::new);
    ALL.put("try-with-resources", TryWithResourcesFilter::new);
    ALL.put("inlined-finally", InlinedFinallyBlockFilter::new);
    ALL.put("implicit-null-check", ImplicitNullCheckFilter::new);
    ALL.put("method-reference", MethodReferenceNullCheckFilter::new);
    ALL.put("for-each", ForEachLoopFilter::new);
    ALL.put("enum", EnumFilter::new);
    ALL.put("record", RecordFilter::new);
    ALL.put("string-switch", StringSwitchFilter::new);
    ALL.put("enum-switch", EnumSwitchFilter::new);
    ALL.put("assert", AssertFilter::new);
    ALL.put("logging", () -> new LoggingCallsFilter(LOGGERS));
    ALL.put("kotlin", KotlinFilter::new);
    ALL.put("groovy", GroovyFilter::new);
  }

  private final Map<String, Long> dropped = new TreeMap<>();

  /** What is left of the mutants of a class. */
  Collection<MutationDetails> left(
      byte[] bytes, Collection<MutationDetails> mutants, Mutater engine) {
    Collection<MutationDetails> left = new ArrayList<>(mutants);
    ClassTree tree = ClassTree.fromBytes(bytes);
    ALL.forEach(
        (name, made) -> {
          MutationInterceptor filter = made.get();
          filter.begin(tree);
          int before = left.size();
          List<MutationDetails> kept = List.copyOf(filter.intercept(List.copyOf(left), engine));
          filter.end();
          left.clear();
          left.addAll(kept);
          if (left.size() < before) {
            dropped.merge(name, (long) (before - left.size()), Long::sum);
          }
        });
    return left;
  }

  /** How many each filter has dropped. */
  Map<String, Long> dropped() {
    return dropped;
  }
}
