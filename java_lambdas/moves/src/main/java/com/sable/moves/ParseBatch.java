package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.MoveRequest;
import com.sable.moves.errors.InvalidField;
import com.sable.moves.errors.RepeatedEndpoint;
import com.sable.moves.text.CodePoints;
import com.sable.moves.text.Sizes;
import com.sable.moves.text.Whitespace;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Validates a request to move endpoints and fills its defaults in; the event is the request. */
public final class ParseBatch implements RequestHandler<Map<String, Object>, ParseBatch.Batch> {
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:\\-]{3,79}");
  private static final int MOST_MOVES = 1000;
  private static final int LONGEST_LABEL = 80;
  private static final int DEFAULT_CHUNK = 64 * 1024;
  private static final long SMALLEST_CHUNK = 1024;
  private static final long LARGEST_CHUNK = 1L << 33;

  /** A batch as the steps after this one take it. */
  public record Batch(
      List<MoveRequest> moves, long chunk_size, String label, Optional<String> request_id) {}

  @Override
  public Batch handleRequest(Map<String, Object> body, Context context) {
    List<MoveRequest> moves = moves(body.get("moves"));
    long chunk = chunkSize(body.getOrDefault("chunk_size", DEFAULT_CHUNK));
    String label = label(body.get("label"));
    return new Batch(moves, chunk, label, requestId(body.get("request_id")));
  }

  private static List<MoveRequest> moves(Object given) {
    if (!(given instanceof List<?> moves) || moves.isEmpty() || moves.size() > MOST_MOVES) {
      throw new InvalidField("`moves` is a list of 1 to " + MOST_MOVES);
    }
    List<MoveRequest> parsed = moves.stream().map(MoveRequest::parse).toList();
    Set<String> seen = new HashSet<>();
    for (MoveRequest move : parsed) {
      if (!seen.add(move.endpoint())) {
        throw new RepeatedEndpoint(move.endpoint() + " is named twice");
      }
    }
    return parsed;
  }

  private static long chunkSize(Object given) {
    long size = Sizes.parse(given);
    if (size < SMALLEST_CHUNK || size > LARGEST_CHUNK) {
      throw new InvalidField("`chunk_size` is 1 KiB to 8 GiB, not " + Sizes.text(size));
    }
    return size;
  }

  private static String label(Object given) {
    if (isNothing(given)) {
      return "move";
    } else if (!(given instanceof String)) {
      throw new InvalidField("`label` is a text");
    }
    return CodePoints.first(Whitespace.squeeze((String) given), LONGEST_LABEL);
  }

  /** Whether nothing was given: what callers send for that is as varied as they are. */
  static boolean isNothing(Object given) {
    return given == null
        || given.equals("")
        || given.equals(false)
        || given instanceof Number number && number.doubleValue() == 0
        || given instanceof List<?> list && list.isEmpty()
        || given instanceof Map<?, ?> map && map.isEmpty();
  }

  /** The caller's id of a request, by which a repeated start is known. */
  static Optional<String> requestId(Object given) {
    if (given == null) {
      return Optional.empty();
    } else if (!(given instanceof String id) || !REQUEST_ID.matcher(id).matches()) {
      throw new InvalidField("`request_id` is 4 to 80 of A-z 0-9 . _ : -");
    }
    return Optional.of((String) given);
  }
}
