package com.example.releases;

import com.github.zafarkhaja.semver.Version;

/** Written for java-semver 0.10: {@code isValid} and {@code parse} came with it. */
public final class Current {
  private Current() {}

  /** The next minor release, without what was attached to this one; nothing for no version. */
  public static String nextMinor(String text) {
    if (!Version.isValid(text)) {
      return "";
    }
    return Version.parse(text).nextMinorVersion().toString();
  }
}
