package io.cotidal.gateway.relay;

import io.cotidal.model.Secret;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What of an account is to be the same everywhere: its metadata, with quotas and keys of temporary
 * URLs, and its access list. Prints names alone.
 *
 * @param headers by name in lower case
 */
record AccountState(SortedMap<String, Secret> headers) {
  /** Of an account that says nothing of itself, or is not there. */
  static final AccountState EMPTY = new AccountState(new TreeMap<>());

  private static final String META = "x-account-meta-";
  private static final String ACCESS = "x-account-access-control";

  /** Left behind by the original's middleware, at one site and not at the other. */
  private static final String LEFT_BEHIND = META + "orig-cluster";

  /** Copies the map. */
  AccountState {
    headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
  }

  /** What the answer to a HEAD of the service says. */
  static AccountState of(Headers answer) {
    TreeMap<String, Secret> state = new TreeMap<>();
    for (Header line : answer.list()) {
      String name = line.name().toLowerCase(Locale.ROOT);
      boolean ours = name.startsWith(META) && !name.equals(LEFT_BEHIND);
      if ((ours || name.equals(ACCESS)) && !line.value().isEmpty()) {
        state.put(name, new Secret(line.value()));
      }
    }
    return new AccountState(state);
  }

  /**
   * The headers of the requests that make this one {@code to}, in that order: an empty value takes
   * a header away. What goes is a request of its own: Swift counts it among those that a request
   * may have, and after it there is room for what comes.
   */
  List<Headers> changes(AccountState to) {
    Headers gone = Headers.NONE;
    for (String name : headers.keySet()) {
      if (!to.headers.containsKey(name)) {
        gone = gone.with(name, "");
      }
    }
    Headers set = Headers.NONE;
    for (var each : to.headers.entrySet()) {
      if (!Objects.equals(each.getValue(), headers.get(each.getKey()))) {
        set = set.with(each.getKey(), each.getValue().reveal());
      }
    }
    return Stream.of(gone, set).filter(each -> !each.list().isEmpty()).toList();
  }

  /** Equal if the states are; tells nothing else. */
  String mark(String account) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(digest, account);
      headers.forEach((name, value) -> {
        add(digest, name);
        add(digest, value.reveal());
      });
      return HexFormat.of().formatHex(digest.digest(), 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  @Override
  public String toString() {
    return headers.keySet().toString();
  }
}
