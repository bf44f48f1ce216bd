package server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/** Work that waits. */
public final class Queues {
  private Queues() {}

  /** Takes the first tasks out of the queue. */
  public static List<String> drain(List<String> queue, int limit) {
    List<String> first = queue.subList(0, Math.min(limit, queue.size()));
    List<String> taken = new ArrayList<>(first);
    first.clear();
    return taken;
  }

  /** Each name once, where it came first. */
  public static Collection<String> unique(List<String> names) {
    return new ArrayList<>(new LinkedHashSet<>(names));
  }

  /** All moments of two logs in order. */
  public static List<Long> timeline(List<Long> ours, List<Long> theirs) {
    List<Long> all = new ArrayList<>(ours);
    all.addAll(theirs);
    all.sort(Long::compare);
    return all;
  }

  /** The items in batches; the last may be smaller. */
  public static List<List<String>> batches(List<String> items, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("batches of " + size);
    }
    List<List<String>> batches = new ArrayList<>();
    for (int start = 0; start < items.size(); start += size) {
      batches.add(List.copyOf(items.subList(start, Math.min(start + size, items.size()))));
    }
    return batches;
  }
}
