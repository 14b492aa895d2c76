package io.cotidal.model;

/**
 * A claim of an operation on its resource while it is open.
 *
 * @param scope {@link #RESOURCE}, or the name of a part of it
 * @param exclusive whether nobody else may hold the scope meanwhile
 */
public record Lock(String scope, boolean exclusive) {
  /** The resource as a whole: an exclusive claim on it excludes every other lock. */
  public static final String RESOURCE = "*";

  /** The whole resource, alone. */
  public static Lock resource() {
    return new Lock(RESOURCE, true);
  }

  /** One member, alone; whoever wants the whole resource alone waits or preempts. */
  public static Lock member(MemberId member) {
    return new Lock("member:" + member.name(), true);
  }

  /** Whether both cannot be held by different operations at once. */
  public boolean conflicts(Lock other) {
    boolean meets =
        scope.equals(other.scope) || scope.equals(RESOURCE) || other.scope.equals(RESOURCE);
    return meets && (exclusive || other.exclusive);
  }
}
