package com.sable.claims;

/** The bucket did not answer, or not now: the one failure that is worth another attempt. */
public final class ClaimUnavailable extends ClaimError {
  private static final long serialVersionUID = 1L;

  ClaimUnavailable(String text) {
    super(text);
  }
}
