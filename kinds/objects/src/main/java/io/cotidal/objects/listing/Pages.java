package io.cotidal.objects.listing;

import java.io.IOException;
import java.io.InputStream;

/** Fetches pages of one listing. */
public interface Pages {
  /**
   * A page of rows after {@code place}, as JSON; the page after the last one is an empty array.
   *
   * @throws ListingTrouble if it cannot be had
   */
  InputStream page(Place place) throws ListingTrouble;

  /** What is wrong with a page that began and broke. */
  ListingTrouble broken(IOException cause);
}
