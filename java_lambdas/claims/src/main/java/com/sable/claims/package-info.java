/**
 * Claim checks for Lambdas of any kind: what is too large for a state goes by way of a bucket.
 *
 * <p>{@link com.sable.claims.ClaimingHandler} around a handler is all that is needed; {@link
 * com.sable.claims.Claims} is for handlers that leave and have payloads themselves.
 */
package com.sable.claims;
