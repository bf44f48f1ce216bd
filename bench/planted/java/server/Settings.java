package server;

import java.util.Map;
import java.util.NoSuchElementException;

/** What the operator says. */
public final class Settings {
  private static final int MOST_PORTS = 65536;

  private Settings() {}

  /** The port to listen on. */
  public static int port(Map<String, String> settings) {
    String text = settings.get("port");
    if (text == null) {
      throw new NoSuchElementException("port");
    }
    int number = Integer.parseInt(text.strip());
    if (number <= 0 || number >= MOST_PORTS) {
      throw new IllegalArgumentException("there is no port " + number);
    }
    return number;
  }

  /** Seconds to wait before an attempt. */
  public static double backoff(int attempt, double base, double most) {
    return Math.min(base * Math.pow(2.0, attempt), most);
  }
}
