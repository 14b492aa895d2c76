package io.cotidal.lab.swift;

import java.util.Locale;

/** What works in the background of a site. In the lab none does by itself; a test runs a pass. */
public enum SwiftDaemon {
  /** Deletes the containers of deleted accounts. */
  ACCOUNT_REAPER("account-server"),
  /** Forgets the deleted containers of accounts once they are old enough. */
  ACCOUNT_REPLICATOR("account-server"),
  /**
   * Forgets the deleted objects of containers once they are old enough: what counts is the time
   * stamp of the deletion. Objects on the device are {@link #OBJECT_REPLICATOR}'s.
   */
  CONTAINER_REPLICATOR("container-server"),
  /** Copies the objects of containers that have a place to be copied to. */
  CONTAINER_SYNC("container-server"),
  /** Tells accounts how many objects and bytes their containers hold. */
  CONTAINER_UPDATER("container-server"),
  /**
   * Deletes the objects whose time has come. It finds them in an account of Swift's own, which
   * knows of them after a pass of {@link #CONTAINER_UPDATER}.
   */
  OBJECT_EXPIRER("object-server"),
  /** Forgets deleted objects once they are old enough; most are with the deletion already. */
  OBJECT_REPLICATOR("object-server"),
  /** Tells containers what they could not be told before. */
  OBJECT_UPDATER("object-server");

  private final String file;

  SwiftDaemon(String file) {
    this.file = file;
  }

  /** The file that has its section. */
  String file() {
    return file;
  }

  /** As Swift calls it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
