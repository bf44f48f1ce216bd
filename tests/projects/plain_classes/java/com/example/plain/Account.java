package com.example.plain;

/** A balance in cents. */
public class Account {
  private String owner;
  private long cents;

  public String getOwner() {
    return owner;
  }

  public void setOwner(String owner) {
    this.owner = owner;
  }

  public long getCents() {
    return cents;
  }

  public void setCents(long cents) {
    this.cents = cents;
  }

  /** Adds to the balance. */
  public long deposit(long amount) {
    if (amount <= 0) {
      throw new IllegalArgumentException("nothing to add");
    }
    cents = Math.addExact(cents, amount);
    return cents;
  }
}
