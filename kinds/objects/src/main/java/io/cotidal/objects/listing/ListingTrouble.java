package io.cotidal.objects.listing;

/**
 * A listing could not be read to its end: what was read of it says nothing of the rest. One line;
 * the cause, if there is one, says what happened at the site.
 */
public final class ListingTrouble extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong with the listing itself. */
  public ListingTrouble(String message) {
    super(message);
  }

  /** What kept it from being read. */
  public ListingTrouble(String message, Throwable cause) {
    super(message, cause);
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
