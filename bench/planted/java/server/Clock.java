package server;

import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Times and what samples say of them. */
public final class Clock {
  private Clock() {}

  /** A window of maintenance. */
  public static Map<String, Object> window(OffsetDateTime start, long minutes) {
    Map<String, Object> window = new LinkedHashMap<>();
    window.put("start", start);
    window.put("end", start.plusMinutes(minutes));
    return window;
  }

  /** By how much a clock fell behind from the first to the last sample. */
  public static double drift(List<Double> samples) {
    return -(samples.get(samples.size() - 1) - samples.get(0));
  }
}
