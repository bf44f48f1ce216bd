package parity.harness;

/** A value that has no fixture form. */
final class Formless extends Exception {
  private static final long serialVersionUID = 1L;
  private final String path;
  private final String type;

  Formless(String why) {
    this(null, null, why);
  }

  Formless(String path, String type, String why) {
    super(why, null, false, false);
    this.path = path;
    this.type = type;
  }

  Formless at(String place, Class<?> kind) {
    return path != null ? this : new Formless(place, named(kind), getMessage());
  }

  /** Whether it says where. */
  boolean isPlaced() {
    return path != null;
  }

  // The JVM numbers the classes of lambdas anew each time: reports are to be alike.
  private static String named(Class<?> kind) {
    return kind.getName().replaceFirst("(\\$\\$Lambda).*|/0x[0-9a-f]+$", "$1");
  }

  String path() {
    return path == null ? "$" : path;
  }

  String type() {
    return type == null ? "" : type;
  }
}
