package parity.world;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** Which places of the covered classes a fixture reaches; those classes call it at each of them. */
public final class Probes {
  private static final Map<Integer, Integer> KNOWN = new HashMap<>();
  private static int[] names = new int[1 << 12];
  private static int[] last = new int[1 << 12]; // the fixture that has reached each place last
  private static boolean[] told = new boolean[1 << 12];
  private static int[] hits = new int[1 << 12];
  private static int count;
  private static int fixture = 1;
  private static int events;

  private Probes() {}

  /** The number by which a place is hit; its name is the same in every JVM. */
  public static synchronized int register(int name) {
    Integer known = KNOWN.get(name);
    if (known != null) {
      return known;
    }
    int probe = KNOWN.size();
    if (probe == names.length) {
      int more = probe * 2;
      told = Arrays.copyOf(told, more);
      hits = Arrays.copyOf(hits, more);
      last = Arrays.copyOf(last, more);
      names = Arrays.copyOf(names, more);
    }
    names[probe] = name;
    KNOWN.put(name, probe);
    return probe;
  }

  /** A place was reached. */
  public static void hit(int probe) {
    int[] seen = last;
    if (seen[probe] != fixture) {
      seen[probe] = fixture;
      int at = count;
      if (at < hits.length) { // threads may count past one another: a hit is then lost
        hits[at] = probe;
        count = at + 1;
      }
    }
    events++;
  }

  /** From now on it is another fixture. */
  public static void begin() {
    fixture++;
    count = 0;
    events = 0;
  }

  /** A sign of all that the fixture has reached, then the names of what no other has before it. */
  public static String line() {
    int[] reached = Arrays.copyOf(hits, Math.min(count, hits.length));
    StringBuilder line = new StringBuilder();
    int[] all = new int[reached.length];
    for (int i = 0; i < reached.length; i++) {
      all[i] = names[reached[i]];
      if (!told[reached[i]]) {
        told[reached[i]] = true;
        line.append(' ').append(all[i]);
      }
    }
    Arrays.sort(all);
    int often = 32 - Integer.numberOfLeadingZeros(events);
    CRC32 sign = new CRC32();
    sign.update(often);
    for (int name : all) {
      sign.update(name >>> 24);
      sign.update(name >>> 16);
      sign.update(name >>> 8);
      sign.update(name);
    }
    return sign.getValue() + line.append(' ').append(often).toString();
  }
}
