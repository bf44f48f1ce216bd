package com.sable.moves;

import com.sable.moves.documents.Document;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Copies the records as they are, chunk by chunk, while writers write. */
public final class CopyChunks extends MoveStep {
  private static final double AIM_MS = 200;

  /** Wires the real collaborators. */
  public CopyChunks() {
    super(Step.COPY, FencedAttempts.fromEnvironment());
  }

  /** Takes its collaborators. */
  public CopyChunks(
      Replica replica, HostClient client, Addresses addresses, Fences fences, Now now) {
    super(Step.COPY, Attempts.with(new Collaborators(replica, client, addresses, fences, now)));
  }

  @Override
  Map<String, Object> facts(MoveContext move) {
    Document staged = move.tell("target", "stage", Map.of("move", move.workflow()));
    long copied = staged.whole("count");
    Optional<String> after = staged.findText("last_key");
    Document facts = move.move();
    long rows = Chunks.rowsPerChunk(facts.whole("bytes"), facts.whole("rows"), move.chunkSize());
    String source = move.address("source");
    while (true) {
      long began = move.nowMs();
      Document done = move.tell("target", "pull_chunk", chunk(source, after, rows));
      copied = Math.addExact(copied, done.whole("rows"));
      Optional<String> before = after;
      after = done.findText("last_key").filter(key -> !key.isEmpty()).or(() -> before);
      if (done.flag("done")) {
        return Map.of("copied", copied);
      }
      rows = Chunks.nextRows(rows, move.nowMs() - began, AIM_MS);
      move.commit("record", Map.of("facts", Map.of("copied", copied)));
    }
  }

  private static Map<String, Object> chunk(String source, Optional<String> after, long rows) {
    Map<String, Object> chunk = new LinkedHashMap<>();
    chunk.put("source", source);
    chunk.put("after", after.orElse(null));
    chunk.put("rows", rows);
    return chunk;
  }
}
