package parity.harness;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Why a unit cannot be run: the protocol's PROBLEM. */
final class Problem extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient Map<String, Object> document = new LinkedHashMap<>();

  Problem(String code, String what, String why, String next) {
    this(code, what, why, next, List.of());
  }

  Problem(String code, String what, String why, String next, List<String> nearest) {
    super(what, null, false, false);
    document.put("code", code);
    document.put("what", what);
    document.put("why", why);
    document.put("next", next);
    document.put("nearest", nearest);
  }

  Map<String, Object> document() {
    return document;
  }
}
