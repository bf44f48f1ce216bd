package com.sable.infra;

import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import io.github.cdklabs.cdknag.RegexAppliesTo;
import java.util.List;
import software.constructs.IConstruct;

/** Why a rule of the nag pack does not hold where it does not. */
final class Reasons {
  /** The keys of the bucket of claims, in a stack of its own or imported. */
  static final Object CLAIMS = matching("^Resource::.*ClaimsBucket.*/\\*$");

  /** Everything there is: for actions that AWS knows no resource for. */
  static final Object EVERYTHING = "Resource::*";

  private Reasons() {}

  /** Findings that a regular expression matches. */
  static Object matching(String expression) {
    return RegexAppliesTo.builder().regex("/" + expression.replace("/", "\\/") + "/g").build();
  }

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
