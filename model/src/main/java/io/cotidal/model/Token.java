package io.cotidal.model;

/**
 * A credential as the store keeps it: never the secret itself.
 *
 * @param id public name of the token, unique
 * @param hash SHA-256 of the secret, in hexadecimal
 * @param permission what it allows
 * @param scope resources on which it allows that: {@code *}, {@code kind/*} or {@code kind/name}
 * @param createdMicros wall time
 * @param expiresMicros wall time after which it is refused
 * @param lastUsedMicros wall time, coarse; 0 if never
 */
public record Token(
    String id,
    String hash,
    Permission permission,
    String scope,
    long createdMicros,
    long expiresMicros,
    long lastUsedMicros) {

  /** Whether the token speaks for {@code resource}. */
  public boolean covers(ResourceId resource) {
    return scope.equals("*")
        || scope.equals(resource.kind() + "/*")
        || scope.equals(resource.toString());
  }
}
