package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.documents.Endpoint;
import com.sable.moves.documents.Host;
import com.sable.moves.documents.MoveRequest;
import com.sable.moves.documents.PlannedMove;
import com.sable.moves.errors.TargetFull;
import com.sable.moves.text.NameKey;
import com.sable.moves.text.Sizes;
import java.math.BigInteger;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the moves into the order to run them, each with a target that has room for it.
 *
 * <p>Moves that name their target take their room first; large endpoints go before small ones. What
 * a source gives up is not counted as room: it is free only when the move has ended.
 */
public final class PlanMoves implements RequestHandler<Map<String, Object>, List<PlannedMove>> {
  private record Sized(MoveRequest move, long bytes) {
    static final Comparator<Sized> ORDER =
        Comparator.comparing((Sized sized) -> sized.move.target().isEmpty())
            .thenComparing(Sized::bytes, Comparator.reverseOrder())
            .thenComparing(sized -> NameKey.of(sized.move.endpoint()));
  }

  @Override
  public List<PlannedMove> handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    return planned(
        request.list("moves", MoveRequest::of),
        request.entries("endpoints", Endpoint::of),
        request.entries("hosts", Host::of));
  }

  /** The moves in their order, each with its target. */
  static List<PlannedMove> planned(
      List<MoveRequest> moves, Map<String, Endpoint> endpoints, Map<String, Host> hosts) {
    Map<String, BigInteger> free = Room.free(endpoints, hosts);
    return moves.stream()
        .map(move -> new Sized(move, bytesOf(move, endpoints)))
        .sorted(Sized.ORDER)
        .map(sized -> plan(sized, free))
        .toList();
  }

  private static long bytesOf(MoveRequest move, Map<String, Endpoint> endpoints) {
    return Optional.ofNullable(endpoints.get(move.endpoint())).orElseThrow().bytes();
  }

  private static PlannedMove plan(Sized sized, Map<String, BigInteger> free) {
    MoveRequest move = sized.move;
    Optional<String> target =
        move.target().or(() -> Room.chooseTarget(sized.bytes, move.source(), free));
    BigInteger room =
        target.map(host -> Room.at(host, free)).orElseGet(() -> Collections.max(free.values()));
    if (target.isEmpty() || room.compareTo(BigInteger.valueOf(sized.bytes)) < 0) {
      throw new TargetFull(
          "%s needs %s, %s has %s"
              .formatted(
                  move.endpoint(),
                  Sizes.text(sized.bytes),
                  target.orElse("the emptiest host"),
                  Sizes.text(room)));
    }
    Room.take(sized.bytes, target.get(), free);
    return new PlannedMove(move.endpoint(), move.source(), target.get(), sized.bytes);
  }
}
