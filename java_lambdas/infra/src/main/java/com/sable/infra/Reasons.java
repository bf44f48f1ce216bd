package com.sable.infra;

import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import java.util.List;
import software.constructs.IConstruct;

/** Why a rule of the nag pack does not hold where it does not. */
final class Reasons {
  private Reasons() {}

  /** Lets a rule be for one construct and what is below it, for the reason given. */
  static void allow(IConstruct where, String rule, String reason) {
    NagPackSuppression one = NagPackSuppression.builder().id(rule).reason(reason).build();
    NagSuppressions.addResourceSuppressions(where, List.of(one), true);
  }

  /** As {@link #allow}, for the findings of a rule that are named. */
  static void allow(IConstruct where, String rule, List<Object> findings, String reason) {
    NagPackSuppression one =
        NagPackSuppression.builder().id(rule).appliesTo(findings).reason(reason).build();
    NagSuppressions.addResourceSuppressions(where, List.of(one), true);
  }
}
