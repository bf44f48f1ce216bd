package parity.harness;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.tree.analysis.Value;

/**
 * A value that is known only by what it was made of: {@code base + offset}, where the base is an
 * operation on other terms, or nothing where the term is a constant. Equal terms are one value.
 *
 * @param operation what made the base; empty for a constant
 * @param of what it was made of
 * @param offset what is added to it, as an int
 * @param size how many slots it takes: two for a long or a double
 */
record Term(String operation, List<Term> of, int offset, int size) implements Value {
  static Term constant(int value) {
    return new Term("", List.of(), value, 1);
  }

  /** What an operation gives for these. */
  static Term made(String operation, int size, List<? extends Term> of) {
    return new Term(operation, List.copyOf(of), 0, size);
  }

  @Override
  public int getSize() {
    return size;
  }

  boolean isConstant() {
    return operation.isEmpty();
  }

  Term base() {
    return offset == 0 ? this : new Term(operation, of, 0, size);
  }

  Term plus(int more) {
    return more == 0 ? this : new Term(operation, of, offset + more, size);
  }

  /** This with each occurrence of a base in it replaced. */
  Term with(Term base, Term other) {
    if (isConstant()) {
      return this;
    } else if (base().equals(base)) {
      return other.plus(offset);
    }
    List<Term> parts = new ArrayList<>();
    for (Term part : of) {
      parts.add(part.with(base, other));
    }
    return new Term(operation, parts, offset, size);
  }

  /** Whether a base stands somewhere in it. */
  boolean has(Term base) {
    return !isConstant()
        && (base().equals(base) || of.stream().anyMatch(part -> part.has(base)));
  }
}
