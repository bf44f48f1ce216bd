package com.sable.moves;

import com.sable.moves.documents.Document;
import com.sable.moves.errors.CopyDiffers;
import com.sable.moves.errors.NotHere;
import com.sable.moves.errors.Unavailable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One move in the hands of one attempt at a step: what is known of it, and the ways to command its
 * hosts and to commit what came of it.
 */
final class MoveContext {
  private static final long COMMANDS_OF_A_TOKEN = 1_000_000_000L;
  private static final long PAUSE_MS = 50;
  private static final int ROUNDS = 5;

  private final Document facts;
  private final Document move;
  private final Collaborators with;

  /** Takes a context as the state machine hands it on: it knows no collaborators. */
  MoveContext(Document facts, Collaborators with) {
    this.facts = facts;
    this.move = facts.document("move");
    this.with = with;
  }

  String workflow() {
    return facts.text("workflow");
  }

  String endpoint() {
    return move.text("endpoint");
  }

  long chunkSize() {
    return facts.whole("chunk_size");
  }

  /** What earlier steps have found out. */
  Document move() {
    return move;
  }

  long nowMs() {
    return with.now().ms();
  }

  /** Where the source or the target of the move is. */
  String address(String side) {
    return with.addresses().of(move.text(side));
  }

  /** Commits a command about the move. */
  Map<String, Object> commit(String command, Map<String, Object> more) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("do", command);
    body.put("workflow", workflow());
    body.put("token", facts.whole("token"));
    body.putAll(more);
    body.put("endpoint", endpoint());
    return insist(with.replica(), body);
  }

  /**
   * Commits a command however long it takes to know what came of it: who does not know must not
   * decide, since another attempt may already go by what was committed.
   */
  static Map<String, Object> insist(Replica replica, Map<String, Object> command) {
    while (true) {
      try {
        return replica.commit(command);
      } catch (Unavailable unknown) {
        pause(unknown);
      }
    }
  }

  private static void pause(Unavailable unknown) {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw unknown;
    }
  }

  /** Sends a command that is refused if a later one has arrived before it. */
  Document tell(String side, String command, Map<String, Object> more) {
    long token = Math.multiplyExact(facts.whole("token"), COMMANDS_OF_A_TOKEN);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("do", command);
    body.put("endpoint", endpoint());
    body.put("token", Math.addExact(token, with.fences().next()));
    body.putAll(more);
    return post(side, "/v1/command", body);
  }

  Document tell(String side, String command) {
    return tell(side, command, Map.of());
  }

  /** Asks a host about the endpoint. */
  Document ask(String side, String what, Map<String, Object> more) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("endpoint", endpoint());
    body.putAll(more);
    return post(side, "/v1/" + what, body);
  }

  private Document post(String side, String path, Map<String, Object> body) {
    return Document.of(with.client().post(address(side), path, body));
  }

  /** From now on both hosts refuse an earlier attempt. */
  void fenceHosts() {
    tell("source", "fence");
    tell("target", "fence");
  }

  /** Lets the writers of a move that is given up write on. */
  void thawSource() {
    try {
      tell("source", "thaw");
    } catch (NotHere gone) {
      return; // then it has nothing that could be frozen
    }
  }

  /** Deletes the copy of a move that is given up. */
  void dropCopy() {
    tell("target", "drop", Map.of("role", "staging", "move", workflow()));
  }

  /** Lets the target take over what was written at the source meanwhile. */
  Document pullChanges() {
    return tell("target", "pull_changes", Map.of("source", address("source"), "rounds", ROUNDS));
  }

  /** CopyDiffers unless a source and its copy are equal. */
  void checkEqual(Document source, Document target) {
    List<String> differences = CompareCopies.differences(source, target);
    if (!differences.isEmpty()) {
      throw new CopyDiffers(String.join("; ", differences));
    }
  }
}
