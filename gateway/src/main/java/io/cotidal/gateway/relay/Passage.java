package io.cotidal.gateway.relay;

/** Leave to change a container or an account at this site, until it is given back. */
public interface Passage extends AutoCloseable {
  /** Gives it back. Once is enough, more does no harm. */
  @Override
  void close();
}
