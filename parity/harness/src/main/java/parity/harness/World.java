package parity.harness;

import java.util.Map;

/** What a fixture fixes of the world around the subject. */
final class World {
  /** Freezes what the fixture names; null names nothing. */
  void enter(Map<String, Object> world) {}

  /** Lets go of it. */
  void leave() {}
}
