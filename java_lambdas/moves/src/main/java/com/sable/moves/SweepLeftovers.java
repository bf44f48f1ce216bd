package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.errors.Fenced;
import com.sable.moves.errors.SableError;
import java.util.Map;

/** Deletes the copies that rolled-back moves had to leave behind; a schedule calls it. */
public final class SweepLeftovers implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Replica replica;
  private final HostClient client;

  /** Wires the real collaborators. */
  public SweepLeftovers() {
    this(TableReplica.fromEnvironment(), new HttpHostClient());
  }

  /** Takes its collaborators. */
  public SweepLeftovers(Replica replica, HostClient client) {
    this.replica = replica;
    this.client = client;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    long swept = 0;
    for (Map.Entry<String, Object> one : Json.map(replica.view("leftovers")).entrySet()) {
      if (isGone(Document.of(one.getValue()))) {
        MoveContext.insist(replica, Map.of("do", "sweep", "key", one.getKey()));
        swept++;
      }
    }
    return Map.of("swept", swept);
  }

  /** Whether a copy is deleted, or a later move has overwritten it. */
  private boolean isGone(Document left) {
    String host = left.text("host");
    long token = Math.incrementExact(left.whole("token"));
    Map<String, Object> body =
        Map.of(
            "do", "drop",
            "role", "staging",
            "host", host,
            "endpoint", left.text("endpoint"),
            "move", left.text("move"),
            "token", Math.multiplyExact(token, MoveContext.COMMANDS_OF_A_TOKEN) - 1);
    try {
      client.post(Addresses.registered(replica).of(host), "/v1/command", body);
      return true;
    } catch (Fenced overwritten) {
      return true;
    } catch (SableError later) {
      return false;
    }
  }
}
