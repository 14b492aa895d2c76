package io.cotidal.objects.swift;

import java.util.List;

/**
 * A page of an account's list of containers, as a client is shown it.
 *
 * @param rows in the order of the site
 * @param containers how many there are in the account
 * @param objects in them
 * @param bytes of them
 */
public record AccountPage(List<Row> rows, long containers, long objects, long bytes) {
  /** Of an account that is not there. */
  public static final AccountPage NONE = new AccountPage(List.of(), 0, 0, 0);

  /** Copies the list. */
  public AccountPage {
    rows = List.copyOf(rows);
  }

  /**
   * A line.
   *
   * @param name of a container, or what the names of several have in common
   * @param several whether it stands for several
   * @param written as the site says it; empty if it does not
   */
  public record Row(String name, boolean several, long objects, long bytes, String written) {}
}
