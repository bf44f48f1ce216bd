package parity.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether two values in fixture form are one argument of a port call: by what they hold, whatever
 * class holds it and in whatever order a map has its entries. What both sides gave is compared on
 * the unit's terms later.
 */
final class Same {
  private Same() {}

  static boolean values(Object one, Object other) {
    if (one instanceof List<?> items && other instanceof List<?> others) {
      return lists(items, others);
    } else if (one instanceof Map<?, ?> members && other instanceof Map<?, ?> others) {
      return maps(opened(members), opened(others));
    }
    return one == null ? other == null : one.equals(other);
  }

  private static boolean lists(List<?> items, List<?> others) {
    if (items.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < items.size(); i++) {
      if (!values(items.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean maps(Map<?, ?> members, Map<?, ?> others) {
    if (members.size() != others.size()) {
      return false;
    }
    if (members.containsKey("$dict") && others.containsKey("$dict")) {
      return bags((List<?>) members.get("$dict"), (List<?>) others.get("$dict"));
    }
    for (Map.Entry<?, ?> member : members.entrySet()) {
      Object key = member.getKey();
      if (!others.containsKey(key) || !values(member.getValue(), others.get(key))) {
        return false;
      }
    }
    return true;
  }

  private static boolean bags(List<?> items, List<?> others) {
    List<Object> left = new ArrayList<>(others);
    for (Object item : items) {
      int found = 0;
      while (found < left.size() && !values(item, left.get(found))) {
        found++;
      }
      if (found == left.size()) {
        return false;
      }
      left.remove(found);
    }
    return left.isEmpty();
  }

  /** An object as its fields, an enum's constant as its name. */
  private static Map<?, ?> opened(Map<?, ?> members) {
    if (members.get("$object") instanceof List<?> object) {
      return (Map<?, ?>) object.get(1);
    } else if (members.get("$enum") instanceof List<?> constant) {
      Map<String, Object> name = new LinkedHashMap<>();
      name.put("$enum", constant.get(1));
      return name;
    }
    return members;
  }
}
