package bench;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the bench of the java worker calls: next to no work, so that the border is what is seen. */
public final class Units {
  private Units() {}

  public record Host(String name, long cpus, double load, List<String> tags) {}

  public record Move(String volume, Host from, String to, double share, boolean hot) {}

  /** 48 bytes in, 72 bytes out. */
  public static Map<String, Object> tiny(long n, String name) {
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("name", name);
    made.put("twice", n * 2);
    made.put("label", name + "/" + n);
    return made;
  }

  /** 0.5 KB in, 2 KB out: dicts. */
  public static List<Map<String, Object>> plan(List<Map<String, Object>> hosts, int copies) {
    List<Map<String, Object>> made = new ArrayList<>();
    for (int copy = 0; copy < copies; copy++) {
      for (Map<String, Object> host : hosts) {
        Map<String, Object> move = new LinkedHashMap<>(host);
        move.put("volume", host.get("name") + "-" + copy);
        move.put("hot", copy % 2 == 0);
        made.add(move);
      }
    }
    return made;
  }

  /** The same with records. */
  public static List<Move> typed(List<Host> hosts, int copies) {
    List<Move> made = new ArrayList<>();
    for (int copy = 0; copy < copies; copy++) {
      for (Host host : hosts) {
        made.add(new Move(host.name() + copy, host, host.name(), host.load() / 2, copy % 2 == 0));
      }
    }
    return made;
  }

  public static class Disk {
    private String name;
    private long size;
    private double used;

    public String getName() {
      return name;
    }

    public void setName(String name) {
      this.name = name;
    }

    public long getSize() {
      return size;
    }

    public void setSize(long size) {
      this.size = size;
    }

    public double getUsed() {
      return used;
    }

    public void setUsed(double used) {
      this.used = used;
    }
  }

  public static class Event {
    private String host;
    private List<Disk> disks;
    private Map<String, Long> limits;

    public String getHost() {
      return host;
    }

    public void setHost(String host) {
      this.host = host;
    }

    public List<Disk> getDisks() {
      return disks;
    }

    public void setDisks(List<Disk> disks) {
      this.disks = disks;
    }

    public Map<String, Long> getLimits() {
      return limits;
    }

    public void setLimits(Map<String, Long> limits) {
      this.limits = limits;
    }
  }

  /** A handler of beans: 0.5 KB in, 1.5 KB out. */
  public static class Pojo implements RequestHandler<Event, List<Event>> {
    @Override
    public List<Event> handleRequest(Event event, Context context) {
      return List.of(event, event, event);
    }
  }
}
