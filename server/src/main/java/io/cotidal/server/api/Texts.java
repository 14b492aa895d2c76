package io.cotidal.server.api;

import io.cotidal.server.http.Problem;

/** Free texts from people, which end up in the journal and on screens. */
final class Texts {
  private static final int MOST = 200;

  private Texts() {}

  /**
   * The text itself.
   *
   * @throws Problem.Refusal if it has more than 200 characters, or one that does not print
   */
  static String checked(String field, String text) {
    if (text.length() > MOST) {
      throw Problem.of(Problem.Code.BAD_REQUEST, field + " has more than " + MOST + " characters")
          .refusal();
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw Problem.of(Problem.Code.BAD_REQUEST, field + " has characters that do not print")
          .refusal();
    }
    return text;
  }
}
