package io.cotidal.app.demo;

/** What becomes of a frozen primary after another has taken over. */
public enum Thaw {
  /** It stays as it is until it is taken back. */
  NEVER,
  /**
   * It is thawed, watched for three seconds, and taken back as soon as the control plane sees it.
   */
  WATCHED,
  /**
   * It is thawed and watched for three seconds while no control plane runs: only the quorum holds
   * it.
   */
  ALONE
}
