package com.sable.moves.documents;

import java.util.List;
import java.util.Optional;

/** A move of a workflow, with all that its steps have recorded; its times are milliseconds. */
public record Move(
    String endpoint,
    String source,
    Optional<String> target,
    String state,
    Optional<String> step,
    long bytes,
    long rows,
    long chunks,
    long copied,
    Optional<Long> frozen_at,
    Optional<Long> pause_ms,
    boolean switched,
    Optional<String> error,
    Optional<String> text) {

  /** A move as it is told between steps; what no step has recorded yet may be missing. */
  public static Move of(Object value) {
    Document move = Document.of(value);
    return new Move(
        move.text("endpoint"),
        move.text("source"),
        move.findText("target"),
        move.text("state"),
        move.findText("step"),
        move.findWhole("bytes").orElse(0L),
        move.findWhole("rows").orElse(0L),
        move.findWhole("chunks").orElse(0L),
        move.findWhole("copied").orElse(0L),
        move.findWhole("frozen_at"),
        move.findWhole("pause_ms"),
        move.findFlag("switched"),
        move.findText("error"),
        move.findText("text"));
  }

  /** The hosts that take part; the target is empty until it is planned. */
  public List<Optional<String>> hosts() {
    return List.of(Optional.of(source), target);
  }

  /** Whether the endpoint lives at its target. */
  public boolean moved() {
    return state.equals("moved");
  }
}
