package com.sable.infra;

import java.util.List;

/**
 * A Lambda: the class that handles it, and what it needs of AWS. All of them are listed here, and
 * nowhere else.
 *
 * @param name of the function and of its class
 * @param seconds after which Lambda ends it; less than the timeout of its state
 * @param table what it may do with the table
 * @param claims whether it gives and takes claim checks
 * @param waited whether somebody waits for its first answer: started from a snapshot
 * @param reserved how many may run at once; 0 is what the account has left
 */
record Step(
    String name, int seconds, Table table, boolean claims, boolean waited, int reserved) {
  /** What a function may do with the table. */
  enum Table {
    NOTHING,
    READS,
    WRITES,
    COUNTS
  }

  /** Megabytes of each function: a handler with its SDK clients holds under 200. */
  static final int MEMORY = 512;

  /** Bytes above which a result of a step goes to the bucket: up to five stand in one state. */
  static final String CLAIMS_OVER = "32768";

  private static final String HANDLERS = "com.sable.moves.";
  private static final int SHORT = 25;
  private static final int ASKS_HOSTS = 70;
  private static final int COPIES = 900;

  /** What BatchMoveEndpoint calls, in the order in which it does. */
  static final List<Step> STEPS =
      List.of(
          step("ClaimWorkflow", SHORT).counts(),
          step("ReadWorkflow", SHORT).reads().withClaims(),
          step("PlanBatch", ASKS_HOSTS).reads().withClaims(),
          step("RecordPlan", SHORT).withClaims(),
          step("ListMoves", SHORT).reads().withClaims(),
          step("GiveUpPlan", SHORT),
          step("AdmitMove", SHORT),
          step("LockEndpoint", ASKS_HOSTS),
          step("CopyChunks", COPIES).atMost(400),
          step("CatchUp", COPIES).atMost(400),
          step("VerifyCopy", 300),
          step("FreezeSource", 300).isWaitedFor(),
          step("SwitchRoute", ASKS_HOSTS).isWaitedFor(),
          step("ReleaseSource", ASKS_HOSTS),
          step("EndMove", ASKS_HOSTS),
          step("TurnBack", ASKS_HOSTS),
          step("RollBack", 145).isWaitedFor(),
          step("Summarise", SHORT).withoutTable().withClaims(),
          step("FinishWorkflow", SHORT).withClaims());

  /** Starts a workflow. */
  static final Step START = step("Start", SHORT).isWaitedFor();

  /** Deletes what moves had to leave behind, by a schedule; never two at once. */
  static final Step SWEEP = step("SweepLeftovers", SHORT).atMost(1);

  /** The other operations of the server. */
  static final List<Step> OPERATIONS =
      List.of(
          START,
          step("Status", SHORT).reads().isWaitedFor(),
          step("Cancel", SHORT).isWaitedFor(),
          step("RegisterHost", SHORT).isWaitedFor(),
          step("ListHosts", SHORT).reads().isWaitedFor(),
          step("RegisterEndpoint", SHORT).isWaitedFor(),
          step("ListEndpoints", SHORT).reads().isWaitedFor(),
          step("LookUpRoute", SHORT).reads().isWaitedFor(),
          step("SetLock", SHORT).isWaitedFor(),
          step("ListWorkflows", SHORT).reads().isWaitedFor(),
          step("ReadState", SHORT).reads().isWaitedFor(),
          SWEEP);

  private static Step step(String name, int seconds) {
    return new Step(name, seconds, Table.WRITES, false, false, 0);
  }

  private Step reads() {
    return new Step(name, seconds, Table.READS, claims, waited, reserved);
  }

  /** Writes, and takes numbers that nobody else gets. */
  private Step counts() {
    return new Step(name, seconds, Table.COUNTS, claims, waited, reserved);
  }

  private Step withoutTable() {
    return new Step(name, seconds, Table.NOTHING, claims, waited, reserved);
  }

  private Step withClaims() {
    return new Step(name, seconds, table, true, waited, reserved);
  }

  private Step isWaitedFor() {
    return new Step(name, seconds, table, claims, true, reserved);
  }

  private Step atMost(int atOnce) {
    return new Step(name, seconds, table, claims, waited, atOnce);
  }

  /** The class that does the work. */
  String handlerClass() {
    return HANDLERS + name;
  }

  /** The class that Lambda calls, and its method. */
  String handler() {
    return (claims ? "com.sable.claims.ClaimingHandler" : handlerClass()) + "::handleRequest";
  }

  /** The name of the function. */
  String functionName() {
    return "Sable-" + name;
  }

  /** The parameter that says which version of it a state machine calls. */
  String parameter() {
    return "/sable/functions/" + name;
  }
}
