package com.sable.moves.documents;

import java.util.List;
import java.util.Optional;

/**
 * A workflow, as far as these steps look at it: its times are milliseconds since 1970, its moves in
 * the order in which they were planned.
 */
public record Workflow(
    long created_at, Optional<Long> finished_at, boolean cancelled, List<Move> moves) {

  /** A workflow as it is told between steps. */
  public static Workflow of(Document workflow) {
    return new Workflow(
        workflow.whole("created_at"),
        workflow.findWhole("finished_at").filter(at -> at != 0),
        workflow.findFlag("cancelled"),
        List.copyOf(workflow.entries("moves", Move::of).values()));
  }
}
