package io.cotidal.feeds.table;

/**
 * A generation that is to be made of another one, not of a dump.
 *
 * @param from word of the generation that it follows, or that becomes it; staged to the end
 * @param generation the caller's word for the new one; the same at every try
 * @param digest what the caller knows the new one's content by
 */
public record Successor(Target target, String from, String generation, String digest) {}
