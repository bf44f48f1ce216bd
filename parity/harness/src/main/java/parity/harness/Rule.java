package parity.harness;

import java.util.HashMap;
import java.util.Map;

/** What the type table may say of a cell. */
enum Rule {
  NULL("null"),
  EMPTY("empty"),
  ITS_VALUE("its value"),
  IN_RANGE("in range"),
  IF_EXACT("if exact"),
  SCALE_0("scale 0"),
  FINITE("finite"),
  SMALLEST("smallest"),
  ONE_CHAR("one char"),
  BY_ELEMENT("by element"),
  BY_ENTRY("by entry"),
  BY_FIELD("by field"),
  BY_PLACE("by place"),
  BY_NAME("by name"),
  SAME("same"),
  ITS_OFFSET("its offset"),
  ITS_INSTANT("its instant");

  private static final Map<String, Rule> BY_TEXT = new HashMap<>();
  private final String text;

  static {
    for (Rule rule : values()) {
      BY_TEXT.put(rule.text, rule);
    }
  }

  Rule(String text) {
    this.text = text;
  }

  /** The rule of that text. Raises IllegalArgumentException where there is none. */
  static Rule of(String text) {
    Rule rule = BY_TEXT.get(text);
    if (rule == null) {
      throw new IllegalArgumentException("the table names no rule " + text);
    }
    return rule;
  }
}
