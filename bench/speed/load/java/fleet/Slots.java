package fleet;

import java.util.LinkedHashMap;
import java.util.Map;

/** Where an endpoint's blocks go. */
public final class Slots {
  static final int BLOCK = 4096;
  static final int SLOTS = 1024;

  private Slots() {}

  public static Map<String, Object> place(String endpoint, long change, long copies) {
    long block = Math.floorDiv(change, (long) BLOCK);
    return answer(
        endpoint, Math.floorMod(block, (long) SLOTS), block * copies, Math.floorMod(change, (long) BLOCK));
  }

  /** The port as it is first written: `/` and `%` as they stand, wrong below zero. */
  public static Map<String, Object> placeNaively(String endpoint, long change, long copies) {
    long block = change / BLOCK;
    return answer(endpoint, block % SLOTS, block * copies, change % BLOCK);
  }

  private static Map<String, Object> answer(String endpoint, long slot, long blocks, long rest) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("endpoint", endpoint);
    answer.put("slot", slot);
    answer.put("blocks", blocks);
    answer.put("rest", rest);
    return answer;
  }
}
