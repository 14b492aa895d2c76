package io.cotidal.copies.compat;

/**
 * What goes back to a client of the original.
 *
 * @param status the HTTP status
 * @param type the value of {@code Content-Type}; empty if there is no body
 * @param body empty if there is none
 * @param allow the value of {@code Allow}; empty but with 405
 */
public record MyaasAnswer(int status, String type, String body, String allow) {
  private static final String JSON = "application/json";

  static MyaasAnswer json(int status, String body) {
    return new MyaasAnswer(status, JSON, body, "");
  }

  /** The original takes the type off its answers without a body. */
  static MyaasAnswer empty(int status) {
    return new MyaasAnswer(status, "", "", "");
  }

  MyaasAnswer allowing(String methods) {
    return new MyaasAnswer(status, type, body, methods);
  }
}
