package parity.harness;

/** Who runs: a fixture that never ends is blamed on whoever does. */
@FunctionalInterface
interface Phase {
  /** Says whether code of the subject runs from now on, or the harness. */
  void subjectRuns(boolean runs);
}
