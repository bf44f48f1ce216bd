package server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which host takes what. */
public final class Fleet {
  private Fleet() {}

  /** Names, the least loaded first, as they came where the load is equal. */
  public static List<String> ranking(List<Host> hosts) {
    List<Host> sorted = new ArrayList<>(hosts);
    sorted.sort(Comparator.comparingLong(Host::load));
    return sorted.stream().map(Host::name).toList();
  }

  /** Puts a volume on the least loaded host. */
  public static Placement place(List<Host> hosts, long volume, long capacity) {
    if (hosts.isEmpty()) {
      throw new IllegalArgumentException("no hosts");
    }
    Host least = hosts.get(0);
    for (Host host : hosts) {
      least = host.load() < least.load() ? host : least;
    }
    long left = capacity - least.load() - volume;
    if (left < 0) {
      throw new NoRoomException(volume + " on " + least.name());
    }
    return new Placement(least.name(), least.zone(), (double) left / capacity);
  }
}
