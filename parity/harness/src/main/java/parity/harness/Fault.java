package parity.harness;

/** Something that went wrong in the harness itself, and is never blamed on the subject. */
final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Fault(Throwable cause) {
    super(cause.toString(), cause);
  }

  /** Whether the harness raised it: no frame but the JDK's is further in than one of ours. */
  static boolean isOurs(Throwable error) {
    for (StackTraceElement frame : error.getStackTrace()) {
      String owner = frame.getClassName();
      if (!Types.isLibrary(owner)) {
        return owner.startsWith("parity.harness.");
      }
    }
    return false;
  }

  /** What is told of it, with the innermost places. */
  String told() {
    StringBuilder text = new StringBuilder(getMessage());
    StackTraceElement[] frames = getCause().getStackTrace();
    for (int i = 0; i < Math.min(4, frames.length); i++) {
      text.append(i == 0 ? " at " : " < ").append(frames[i]);
    }
    return text.toString();
  }
}
