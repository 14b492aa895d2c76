package io.cotidal.directory.spec;

/** How a connection to a directory server is protected. */
public enum Security {
  /** Not at all; only where the operator wrote so. */
  PLAIN("plain", 389),
  /** StartTLS on the plain port, before anything else is sent. */
  STARTTLS("starttls", 389),
  /** TLS from the first byte. */
  LDAPS("ldaps", 636);

  private final String word;
  private final int usualPort;

  Security(String word, int usualPort) {
    this.word = word;
    this.usualPort = usualPort;
  }

  /** As the configuration writes it. */
  public String word() {
    return word;
  }

  /** The port that the protocol's registration names. */
  public int usualPort() {
    return usualPort;
  }
}
