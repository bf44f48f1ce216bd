package fleet;

import java.util.LinkedHashMap;
import java.util.Map;

/** How far two descriptions are apart. */
public final class Texts {
  private Texts() {}

  public static Map<String, Object> distance(String before, String after, long scale) {
    int edits = edits(before.codePoints().toArray(), after.codePoints().toArray());
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("edits", edits);
    answer.put("scaled", Math.floorDiv((long) -edits, scale));
    answer.put(
        "longest",
        Math.max(
            before.codePointCount(0, before.length()), after.codePointCount(0, after.length())));
    return answer;
  }

  private static int edits(int[] before, int[] after) {
    int[] row = new int[after.length + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= before.length; i++) {
      int above = row[0];
      row[0] = i;
      for (int j = 1; j <= after.length; j++) {
        int same = before[i - 1] == after[j - 1] ? above : above + 1;
        above = row[j];
        row[j] = Math.min(same, 1 + Math.min(above, row[j - 1]));
      }
    }
    return row[after.length];
  }
}
