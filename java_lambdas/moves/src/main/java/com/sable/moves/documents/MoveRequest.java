package com.sable.moves.documents;

import com.sable.moves.errors.InvalidField;
import com.sable.moves.text.CodePoints;
import com.sable.moves.text.Names;
import com.sable.moves.text.Whitespace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A move that a caller asks for; without a target, any host with room will do. */
public record MoveRequest(String endpoint, Optional<String> source, Optional<String> target) {
  private static final String HOST = "[^S@>]+".replace("S", Whitespace.CLASS);
  private static final Pattern ARROW =
      Pattern.compile(
          "_(?<endpoint>HOST)(?:_@_(?<source>HOST))?_->_(?<target>HOST|\\?)_"
              .replace("HOST", HOST)
              .replace("_", "[" + Whitespace.CLASS + "]*"));
  private static final Set<String> MEMBERS = Set.of("endpoint", "source", "target");

  /** A move as it is told between steps. */
  public static MoveRequest of(Object value) {
    Document move = Document.of(value);
    return new MoveRequest(move.text("endpoint"), move.findText("source"), move.findText("target"));
  }

  /**
   * A move as a caller writes it: {@code name -> target}, {@code name@source -> target} or an
   * object; {@code ?} is any target.
   */
  public static MoveRequest parse(Object move) {
    Object members = move instanceof String text ? parseText(text) : move;
    if (!(members instanceof Map<?, ?> map) || !(map.get("endpoint") instanceof String endpoint)) {
      throw new InvalidField("a move needs `endpoint`, a text");
    }
    List<String> unknown = unknownMembers(map);
    if (!unknown.isEmpty()) {
      throw new InvalidField("a move has no " + String.join(", ", unknown));
    }
    String name = Names.canonical(endpoint);
    Optional<String> source = host(map, "source", name);
    return new MoveRequest(name, source, host(map, "target", name));
  }

  private static List<String> unknownMembers(Map<?, ?> move) {
    return move.keySet().stream()
        .map(String.class::cast)
        .filter(Predicate.not(MEMBERS::contains))
        .sorted(CodePoints.ORDER)
        .toList();
  }

  private static Map<String, String> parseText(String text) {
    Matcher found = ARROW.matcher(text);
    if (!found.matches()) {
      throw new InvalidField(
          "`%s` is not a move: write `endpoint@source -> target`".formatted(text));
    }
    Map<String, String> members = new LinkedHashMap<>();
    for (String name : MEMBERS) {
      String member = found.group(name);
      if (member != null && !member.equals("?")) {
        members.put(name, member);
      }
    }
    return members;
  }

  private static Optional<String> host(Map<?, ?> move, String side, String endpoint) {
    Object host = move.get(side);
    if (host != null && !(host instanceof String)) {
      throw new InvalidField("`%s` of %s is not a text".formatted(side, endpoint));
    }
    return Optional.ofNullable((String) host).filter(name -> !name.isEmpty()).map(Names::canonical);
  }
}
