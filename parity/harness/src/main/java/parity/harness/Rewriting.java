package parity.harness;

/** Makes of the bytes of a class those that are defined. */
@FunctionalInterface
interface Rewriting {
  /**
   * The bytes to define.
   *
   * @param name binary name of the class
   * @param place where the class was found; null where it was generated
   * @param shared whether the class belongs to jars that all units share
   */
  byte[] rewritten(String name, byte[] bytes, Entry place, boolean shared);
}
