package com.sable.moves.text;

import java.text.Normalizer;
import java.util.Comparator;

/** What names are ordered by: as people read them first, as they are spelled last. */
public record NameKey(String folded, String name) implements Comparable<NameKey> {
  private static final Comparator<NameKey> ORDER =
      Comparator.comparing(NameKey::folded, CodePoints.ORDER)
          .thenComparing(NameKey::name, CodePoints.ORDER);

  /** The key of a name. */
  public static NameKey of(String name) {
    String compatible = Normalizer.normalize(name, Normalizer.Form.NFKC);
    return new NameKey(CaseFolding.fold(compatible), name);
  }

  @Override
  public int compareTo(NameKey other) {
    return ORDER.compare(this, other);
  }
}
