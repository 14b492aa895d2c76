package io.cotidal.gateway.request;

import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a request is for, as far as it concerns other sites. */
public sealed interface Wish {
  /** It changes no account and no container, or nobody can tell which. */
  record Plain() implements Wish {}

  /** It changes that one. */
  record Change(Subject subject, Verb verb) implements Wish {}

  /** How it changes it. */
  enum Verb {
    /** It is made, or changed if it is there. */
    PUT,
    /** It is changed. */
    POST,
    /** It is deleted. */
    DELETE
  }

  /** Understands a request. */
  static Wish of(Head head) {
    Optional<Verb> verb = verb(head.method());
    if (verb.isEmpty()) {
      return new Plain();
    }
    return switch (Target.of(head.target())) {
      case Target.Account account ->
          aside(head, verb.get())
              ? new Plain()
              : new Change(Subject.account(account.account()), verb.get());
      case Target.Container container ->
          aside(head, verb.get())
              ? new Plain()
              : new Change(Subject.of(container.name()), verb.get());
      case Target.Thing _, Target.Other _ -> new Plain();
    };
  }

  /** Swift knows methods in capitals only. */
  private static Optional<Verb> verb(String method) {
    return switch (method) {
      case "PUT" -> Optional.of(Verb.PUT);
      case "POST" -> Optional.of(Verb.POST);
      case "DELETE" -> Optional.of(Verb.DELETE);
      default -> Optional.empty();
    };
  }

  /** Whether it only goes through it: objects in bulk, or a form of a browser. */
  private static boolean aside(Head head, Verb verb) {
    return switch (verb) {
      case PUT -> asks(head.target(), "extract-archive");
      case POST -> asks(head.target(), "bulk-delete") || form(head);
      case DELETE -> asks(head.target(), "bulk-delete");
    };
  }

  private static boolean form(Head head) {
    return head.fields().stream()
        .filter(field -> field.is("Content-Type"))
        .map(Field::value)
        .anyMatch(type -> type.strip().toLowerCase(Locale.ROOT).startsWith("multipart/form-data"));
  }

  private static boolean asks(String target, String word) {
    int question = target.indexOf('?');
    return question >= 0
        && Arrays.stream(target.substring(question + 1).split("&", -1))
            .anyMatch(one -> one.equals(word) || one.startsWith(word + "="));
  }
}
