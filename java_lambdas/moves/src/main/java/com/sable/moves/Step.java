package com.sable.moves;

import java.util.Arrays;
import java.util.List;

/** The steps of a move, in their order: their names in the state, and the facts that each finds. */
enum Step {
  LOCK("lock"),
  COPY("copy", "copied"),
  CATCH_UP("catch_up"),
  VERIFY("verify"),
  FREEZE("freeze", "frozen_at"),
  SWITCH("switch", "switched", "pause_ms"),
  RELEASE("release"),
  END("end"),
  ROLL_BACK("roll_back");

  private final String word;
  private final List<String> facts;

  Step(String word, String... facts) {
    this.word = word;
    this.facts = List.of(facts);
  }

  String word() {
    return word;
  }

  List<String> facts() {
    return facts;
  }

  /** Whether it is one of those that bring a move to its target, and are recorded one by one. */
  boolean isForward() {
    return compareTo(RELEASE) <= 0;
  }

  /** The step of a name. */
  static Step of(String word) {
    return Arrays.stream(values()).filter(step -> step.word.equals(word)).findFirst().orElseThrow();
  }
}
