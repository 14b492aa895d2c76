package io.cotidal.app.config;

/** Amounts of bytes as operators write them: {@code 512MiB}, {@code 50GiB}. */
public final class Amounts {
  private Amounts() {}

  /**
   * So many bytes.
   *
   * @throws IllegalArgumentException with reason and remedy, if the text is no amount
   */
  public static long bytes(String text) {
    return switch (Forms.bytes().read(text)) {
      case Form.Read.Fit<Long> fit -> fit.value();
      case Form.Read.Unfit<Long> unfit ->
          throw new IllegalArgumentException(unfit.reason() + ": " + unfit.remedy());
    };
  }
}
