package io.cotidal.model;

/**
 * A thing of which a resource has many, and which has a life of its own: a copy of a database, a
 * generation of its template. Its row exists as long as the thing does.
 *
 * @param sort the kind's word for such things: {@code copy}, {@code generation}
 * @param name unique among the resource's items of that sort
 * @param owner the name of the actor who wanted it; empty if nobody in particular did
 * @param state the kind's word: {@code creating}, {@code ready}, {@code stopped}
 * @param facts what else is known of it for good; never a secret
 * @param createdMicros wall time
 * @param expiresMicros wall time after which it is to go; 0 for never
 */
public record Item(
    String sort,
    String name,
    String owner,
    String state,
    Details facts,
    long createdMicros,
    long expiresMicros)
    implements Comparable<Item> {
  /** Checks the words against {@link Names}. */
  public Item {
    Names.check("sort of item", sort);
    Names.check("item name", name);
  }

  /** Sort and name: {@code copy/feature-42}. */
  public String key() {
    return key(sort, name);
  }

  /** The key of the item of that sort and name. */
  public static String key(String sort, String name) {
    return sort + "/" + name;
  }

  /** Whether it is in that state. */
  public boolean is(String word) {
    return state.equals(word);
  }

  @Override
  public int compareTo(Item other) {
    return key().compareTo(other.key());
  }
}
