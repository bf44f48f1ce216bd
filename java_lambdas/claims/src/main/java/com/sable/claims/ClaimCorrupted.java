package com.sable.claims;

/** The object of a claim is not what was left there: its length or its digest is another one. */
public final class ClaimCorrupted extends ClaimError {
  private static final long serialVersionUID = 1L;

  ClaimCorrupted(String text) {
    super(text);
  }
}
