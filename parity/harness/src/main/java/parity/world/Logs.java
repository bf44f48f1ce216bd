package parity.world;

import java.io.IOException;
import java.util.logging.LogManager;

/** How the JDK logs, put back for the next batch when a subject has changed it. */
public final class Logs {
  private static volatile boolean changed;

  private Logs() {}

  /** Called before whatever changes how the JDK logs. */
  public static void changed() {
    changed = true;
  }

  public static void restore() {
    if (changed) {
      changed = false;
      try {
        LogManager.getLogManager().readConfiguration();
      } catch (IOException unreadable) {
        LogManager.getLogManager().reset();
      }
    }
  }
}
