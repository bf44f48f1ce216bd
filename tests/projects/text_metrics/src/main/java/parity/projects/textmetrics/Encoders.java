package parity.projects.textmetrics;

import org.apache.commons.codec.language.Metaphone;

/** Encoders set up as the Python library has them. */
public final class Encoders {
  private Encoders() {}

  /** A Metaphone that does not cut its codes at four letters. */
  public static Metaphone longCodes() {
    Metaphone metaphone = new Metaphone();
    metaphone.setMaxCodeLen(Integer.MAX_VALUE);
    return metaphone;
  }
}
