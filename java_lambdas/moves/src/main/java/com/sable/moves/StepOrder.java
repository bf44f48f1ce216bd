package com.sable.moves;

import com.sable.moves.errors.Cancelled;
import com.sable.moves.errors.Fenced;
import com.sable.moves.errors.InvalidField;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which step of a move may begin, by what is recorded of it. */
final class StepOrder {
  private StepOrder() {}

  /** Whether a step has nothing left to do. */
  static boolean isDone(Step step, Map<String, Object> move) {
    return step.isForward() ? step.ordinal() <= last(move) : FleetCommands.isFinal(move);
  }

  /** The facts that a step that is done has found. */
  static Map<String, Object> found(Step step, Map<String, Object> move) {
    Map<String, Object> facts = new LinkedHashMap<>();
    step.facts().forEach(name -> facts.put(name, move.get(name)));
    return facts;
  }

  /** Refuses a step that may not begin. */
  static void check(Step step, Map<String, Object> move, Map<String, Object> workflow) {
    boolean back = "rolling_back".equals(move.get("state"));
    if (step == Step.ROLL_BACK) {
      if (!back) {
        throw new InvalidField(move.get("endpoint") + " was not given up");
      }
      return;
    }
    if (back || FleetCommands.isFinal(move)) {
      throw new Fenced(move.get("endpoint") + " is " + move.get("state"));
    }
    if (step.ordinal() != last(move) + 1) {
      throw new InvalidField(step.word() + " does not follow " + move.get("step"));
    }
    if (Boolean.TRUE.equals(workflow.get("cancelled")) && !FleetCommands.isSwitched(move)) {
      throw new Cancelled(workflow.get("id") + " was cancelled");
    }
  }

  /** The place of the step that was recorded last; -1 where there is none. */
  private static int last(Map<String, Object> move) {
    return move.get("step") == null ? -1 : Step.of((String) move.get("step")).ordinal();
  }
}
