package parity.world;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/** A system clock that stands still, and goes on by what is slept, where the fixture fixes it. */
final class FixtureClock extends Clock {
  private final Clock real;

  FixtureClock(ZoneId zone) {
    this.real = Clock.system(zone);
  }

  @Override
  public ZoneId getZone() {
    return real.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return zone.equals(getZone()) ? this : new FixtureClock(zone);
  }

  @Override
  public Instant instant() {
    World world = World.ofClock();
    return world == null ? real.instant() : world.now();
  }

  @Override
  public long millis() {
    World world = World.ofClock();
    return world == null ? real.millis() : world.now().toEpochMilli();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FixtureClock clock && clock.real.equals(real);
  }

  @Override
  public int hashCode() {
    return real.hashCode();
  }

  @Override
  public String toString() {
    return real.toString();
  }
}
