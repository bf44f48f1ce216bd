package com.sable.moves.errors;

import java.util.Map;
import java.util.function.Function;

/** The errors that cross the wire, by their names. */
public final class Named {
  private static final Map<String, Function<String, SableError>> KINDS =
      Map.ofEntries(
          Map.entry("AlreadyRegistered", AlreadyRegistered::new),
          Map.entry("BodyTooLarge", BodyTooLarge::new),
          Map.entry("Cancelled", Cancelled::new),
          Map.entry("CopyDiffers", CopyDiffers::new),
          Map.entry("DuplicateStart", DuplicateStart::new),
          Map.entry("EndpointLocked", EndpointLocked::new),
          Map.entry("Fenced", Fenced::new),
          Map.entry("Frozen", Frozen::new),
          Map.entry("InvalidField", InvalidField::new),
          Map.entry("InvalidName", InvalidName::new),
          Map.entry("InvalidSize", InvalidSize::new),
          Map.entry("InvalidTimestamp", InvalidTimestamp::new),
          Map.entry("MalformedJson", MalformedJson::new),
          Map.entry("NotHere", NotHere::new),
          Map.entry("RepeatedEndpoint", RepeatedEndpoint::new),
          Map.entry("SameSourceAndTarget", SameSourceAndTarget::new),
          Map.entry("TargetFull", TargetFull::new),
          Map.entry("TooLateToCancel", TooLateToCancel::new),
          Map.entry("Unavailable", Unavailable::new),
          Map.entry("UnknownEndpoint", UnknownEndpoint::new),
          Map.entry("UnknownHost", UnknownHost::new),
          Map.entry("UnknownPath", UnknownPath::new),
          Map.entry("UnknownWorkflow", UnknownWorkflow::new),
          Map.entry("WrongMethod", WrongMethod::new),
          Map.entry("WrongSource", WrongSource::new));

  private Named() {}

  /** The error of a name; {@link Unnamed} where there is none of it. */
  public static SableError of(String name, String text) {
    return KINDS.getOrDefault(name, Unnamed::new).apply(text);
  }
}
