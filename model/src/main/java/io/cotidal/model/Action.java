package io.cotidal.model;

import java.util.List;

/**
 * Something that people can ask of a resource of one kind. API route, OpenAPI entry, command, form
 * and permission check all follow from it.
 *
 * @param kind of the resources that have it
 * @param name the route's and the command's word, for example {@code switchover}; also the
 *     operation type's name
 * @param summary one sentence
 * @param needs what the caller must be allowed
 * @param risk of the operation that it begins; {@link Risk#NONE} if it is a question
 * @param input what it takes, in the order of a form
 */
public record Action(
    String kind, String name, String summary, Permission needs, Risk risk, List<Field> input) {
  /** Copies the list. */
  public Action {
    input = List.copyOf(input);
  }

  /**
   * Whether it is a question, answered by a {@link Report}: it changes nothing and begins nothing.
   */
  public boolean reads() {
    return risk == Risk.NONE;
  }

  /**
   * One part of an action's input.
   *
   * @param name lower-case, dashes between words; the command's option is {@code --name}
   * @param type what texts it accepts
   * @param required whether the action refuses to begin without it
   * @param summary one sentence
   */
  public record Field(String name, Type type, boolean required, String summary) {}

  /** What texts a field accepts. */
  public enum Type {
    /** The name of a member of the resource. */
    MEMBER,
    /** A name after the grammar of {@link Names}. */
    NAME,
    /** {@code true} or {@code false}. */
    FLAG,
    /** Free text of at most 200 characters. */
    TEXT
  }
}
