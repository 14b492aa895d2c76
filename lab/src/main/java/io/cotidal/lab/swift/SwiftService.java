package io.cotidal.lab.swift;

import java.util.Locale;

/** A process of a site. */
public enum SwiftService {
  /** Keeps tokens, and what the proxy knows of accounts and containers. */
  MEMCACHED,
  /** Keeps the lists of containers. */
  ACCOUNT,
  /** Keeps the lists of objects. */
  CONTAINER,
  /** Keeps the objects. */
  OBJECT,
  /** Talks to clients. */
  PROXY;

  /** As Swift's files and programs call it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
