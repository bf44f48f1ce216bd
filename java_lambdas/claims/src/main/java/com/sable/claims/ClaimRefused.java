package com.sable.claims;

/**
 * What looks like a claim is none of this bucket, or is written wrongly; or the bucket is not there,
 * or does not let this function in. Trying again is no use.
 */
public final class ClaimRefused extends ClaimError {
  private static final long serialVersionUID = 1L;

  ClaimRefused(String text) {
    super(text);
  }
}
