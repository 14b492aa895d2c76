package io.cotidal.model;

/**
 * A member as every screen shows it.
 *
 * @param role the kind's word: {@code primary}, {@code replica}, {@code unknown}
 * @param answers whether it answered the latest look
 * @param status one sentence, for people
 * @param severity how much an operator should care
 * @param writable whether it takes writes now, as far as is known
 * @param facts more columns, in the kind's words
 */
public record MemberView(
    MemberId id,
    String role,
    Answers answers,
    String status,
    Severity severity,
    boolean writable,
    Details facts) {}
