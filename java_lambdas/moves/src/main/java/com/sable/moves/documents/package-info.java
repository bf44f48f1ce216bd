/**
 * The JSON documents that the steps hand to one another, as records.
 *
 * <p>Their components are spelled as the members of the documents are ({@code chunk_size}): Lambda
 * writes a record's components by their names and heeds no annotation. What may be null in a
 * document is {@link java.util.Optional} in its record, because Lambda leaves out what is null
 * itself.
 */
package com.sable.moves.documents;
