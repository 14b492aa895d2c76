package io.cotidal.objects.swift;

import java.util.Optional;

/**
 * The keys of the realm at one site: the one that it took last goes first. So keys are changed site
 * by site, and no write is refused meanwhile. Thread-safe.
 */
final class RealmKeys {
  private final Signer first;
  private final Optional<Signer> second;
  private volatile boolean turned;

  RealmKeys(Signer signer) {
    this.first = signer;
    this.second = signer.other();
  }

  /** Whether there are two. */
  boolean several() {
    return second.isPresent();
  }

  /** Who signs as the site took it last. */
  Signer usual() {
    return turned ? second.orElse(first) : first;
  }

  /** Who signs with the other key; empty if there is one only. */
  Optional<Signer> other(Signer refused) {
    return refused.equals(first) ? second : Optional.of(first);
  }

  /** From now on this one goes first. */
  void turn(Signer signer) {
    turned = !signer.equals(first);
  }
}
