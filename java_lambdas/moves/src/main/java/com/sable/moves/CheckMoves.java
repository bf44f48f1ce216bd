package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.documents.Endpoint;
import com.sable.moves.documents.MoveRequest;
import com.sable.moves.errors.EndpointLocked;
import com.sable.moves.errors.SameSourceAndTarget;
import com.sable.moves.errors.UnknownEndpoint;
import com.sable.moves.errors.UnknownHost;
import com.sable.moves.errors.WrongSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gives the moves their sources, once each is known to be possible. */
public final class CheckMoves implements RequestHandler<Map<String, Object>, List<MoveRequest>> {
  @Override
  public List<MoveRequest> handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    Map<String, Endpoint> endpoints = request.entries("endpoints", Endpoint::of);
    return checked(request.list("moves", MoveRequest::of), endpoints, request.names("hosts"));
  }

  /** The moves with their sources. */
  static List<MoveRequest> checked(
      List<MoveRequest> moves, Map<String, Endpoint> endpoints, Set<String> hosts) {
    return moves.stream().map(move -> checked(move, endpoints, hosts)).toList();
  }

  private static MoveRequest checked(
      MoveRequest move, Map<String, Endpoint> endpoints, Set<String> hosts) {
    String name = move.endpoint();
    if (!endpoints.containsKey(name)) {
      throw new UnknownEndpoint("there is no endpoint " + name);
    }
    Endpoint endpoint = endpoints.get(name);
    String home = endpoint.host();
    if (move.target().filter(target -> !hosts.contains(target)).isPresent()) {
      throw new UnknownHost("there is no host " + move.target().get());
    }
    if (move.source().filter(source -> !source.equals(home)).isPresent()) {
      throw new WrongSource("%s lives on %s, not on %s".formatted(name, home, move.source().get()));
    }
    if (move.target().filter(home::equals).isPresent()) {
      throw new SameSourceAndTarget("%s already lives on %s".formatted(name, home));
    }
    if (endpoint.locked_by().isPresent()) {
      throw new EndpointLocked("%s is held by %s".formatted(name, endpoint.locked_by().get()));
    }
    return new MoveRequest(name, Optional.of(home), move.target());
  }
}
