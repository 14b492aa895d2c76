package io.cotidal.objects.swift;

import io.cotidal.objects.names.Timestamp;
import io.cotidal.remote.http.kept.Answer;
import io.cotidal.remote.http.kept.Request;
import java.util.Optional;

/** Reads what Swift says in headers. */
record HeadReader(Troubles troubles, Request request, Answer answer) {
  Optional<String> text(String name) {
    return answer.headers().first(name);
  }

  long count(String name) throws SwiftTrouble {
    String text = text(name).orElse("");
    if (!text.matches("\\d{1,18}")) {
      throw troubles.broken(request, "the answer has no " + name);
    }
    return Long.parseLong(text);
  }

  Timestamp time(String name) throws SwiftTrouble {
    try {
      return Timestamp.parse(text(name).orElse(""));
    } catch (IllegalArgumentException e) {
      throw troubles.broken(request, "the answer has no " + name);
    }
  }
}
