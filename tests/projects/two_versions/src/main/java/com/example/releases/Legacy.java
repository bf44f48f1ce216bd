package com.example.releases;

import com.github.zafarkhaja.semver.ParseException;
import com.github.zafarkhaja.semver.Version;

/** Written for java-semver 0.9: from 0.10 on, versions of two builds are no longer equal. */
public final class Legacy {
  private Legacy() {}

  /** Whether two texts name one release, whatever build they name. */
  public static boolean sameRelease(String first, String second) {
    try {
      return Version.valueOf(first).equals(Version.valueOf(second));
    } catch (ParseException | IllegalArgumentException none) {
      return false;
    }
  }
}
