package fleet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;

/** Plans moves of endpoints: the largest first, each to the host with most room. */
public final class Planning {
  private Planning() {}

  public static Map<String, Object> plan(
      List<Map<String, Object>> moves, List<Map<String, Object>> hosts, long limit, long offset) {
    return planned(moves, hosts, limit, offset, Math::floorDiv);
  }

  /** The port as it is first written: the window by `/`, wrong before midnight. */
  public static Map<String, Object> planNaively(
      List<Map<String, Object>> moves, List<Map<String, Object>> hosts, long limit, long offset) {
    return planned(moves, hosts, limit, offset, (minute, length) -> minute / length);
  }

  private static Map<String, Object> planned(
      List<Map<String, Object>> moves,
      List<Map<String, Object>> hosts,
      long limit,
      long offset,
      LongBinaryOperator window) {
    Map<String, Long> free = new LinkedHashMap<>();
    Map<String, Long> rates = new HashMap<>();
    for (Map<String, Object> host : hosts) {
      free.put((String) host.get("host"), number(host, "free"));
      rates.put((String) host.get("host"), number(host, "rate"));
    }
    List<Map<String, Object>> order = new ArrayList<>(moves);
    order.sort(
        Comparator.comparingLong((Map<String, Object> move) -> -number(move, "size"))
            .thenComparing(move -> (String) move.get("endpoint")));
    long total = 0;
    for (Map<String, Object> move : moves) {
      total += number(move, "size");
    }
    Map<String, Long> busy = new HashMap<>();
    List<Object> steps = new ArrayList<>();
    List<Object> left = new ArrayList<>();
    long minute = offset;
    long waves = 0;
    for (Map<String, Object> move : order) {
      long size = number(move, "size");
      String source = (String) move.get("source");
      String target = roomiest(free, source, size);
      if (target == null) {
        left.add(move.get("endpoint"));
        continue;
      }
      free.merge(target, -size, Long::sum);
      long wave = (busy.merge(target, 1L, Long::sum) - 1) / limit;
      waves = Math.max(waves, wave + 1);
      long seconds = -Math.floorDiv(-size, rates.get(target));
      Map<String, Object> step = new LinkedHashMap<>();
      step.put("endpoint", move.get("endpoint"));
      step.put("source", source);
      step.put("target", target);
      step.put("wave", wave);
      step.put("minute", minute);
      step.put("window", window.applyAsLong(minute, 15));
      step.put("seconds", seconds);
      step.put("share", (double) size / total);
      step.put("chunks", chunks(size));
      step.put("room", free.get(target));
      step.put("note", source + " -> " + target + ", wave " + (wave + 1));
      steps.add(step);
      minute += -Math.floorDiv(-seconds, 60L);
    }
    Map<String, Object> plan = new LinkedHashMap<>();
    plan.put("steps", steps);
    plan.put("waves", waves);
    plan.put("bytes", total);
    plan.put("left", left);
    return plan;
  }

  private static List<Map<String, Object>> chunks(long size) {
    List<Map<String, Object>> chunks = new ArrayList<>();
    for (int part = 0; part < 4; part++) {
      Map<String, Object> chunk = new LinkedHashMap<>();
      chunk.put("start", size * part / 4);
      chunk.put("stop", size * (part + 1) / 4);
      chunks.add(chunk);
    }
    return chunks;
  }

  static String roomiest(Map<String, Long> free, String source, long size) {
    String best = null;
    for (Map.Entry<String, Long> host : free.entrySet()) {
      if (host.getKey().equals(source) || host.getValue() < size) {
        continue;
      }
      if (best == null
          || host.getValue() > free.get(best)
          || host.getValue().equals(free.get(best)) && host.getKey().compareTo(best) < 0) {
        best = host.getKey();
      }
    }
    return best;
  }

  private static long number(Map<String, Object> of, String name) {
    return ((Number) of.get(name)).longValue();
  }
}
