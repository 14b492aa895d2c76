package io.cotidal.gateway.wire;

/** Wants a connection to the site. */
interface Asker {
  /** Which connections will do. */
  enum Need {
    /** Any: if it has ended meanwhile, the request can be sent again. */
    ANY,
    /** One that was in use a moment ago: that it has ended meanwhile is unlikely. */
    RECENT,
    /** One that has carried no request but those of this moment. */
    NEW
  }

  Need need();

  /** Whether it still wants one. */
  boolean wants();

  /** Takes one. */
  void connected(SiteConnection site);

  /**
   * There is none.
   *
   * @param full whether because too many are in use, and not because the site cannot be reached
   * @param reason for the client
   */
  void unconnected(boolean full, String reason);
}
