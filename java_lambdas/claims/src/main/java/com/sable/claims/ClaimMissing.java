package com.sable.claims;

/** No object is under the key of a claim: it has expired, or was deleted. It will not come back. */
public final class ClaimMissing extends ClaimError {
  private static final long serialVersionUID = 1L;

  ClaimMissing(String text) {
    super(text);
  }
}
