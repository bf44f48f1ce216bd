package stock;

/** A place in an aisle. */
public record Shelf(String aisle, int place, boolean full) {}
