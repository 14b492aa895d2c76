package io.cotidal.bench;

import io.cotidal.lab.LoopVolume;
import java.util.Locale;

/**
 * What one line of the measurement of copies makes.
 *
 * @param megabytes of the dump that the template was loaded from
 * @param warm whether spares wait
 * @param atOnce how many are asked for at the same moment
 */
record CopiesCell(LoopVolume.Type volume, Engine engine, int megabytes, boolean warm, int atOnce) {
  private static final long WARM = 50;

  /** Milliseconds that the median must stay within; 0 if nothing is promised. */
  long target() {
    if (atOnce > 1 || volume != LoopVolume.Type.BTRFS) {
      return 0;
    }
    return warm ? WARM : engine.cold();
  }

  /** The template's name. */
  String template() {
    return "%s-%s-%d%s"
        .formatted(
            volume.name().toLowerCase(Locale.ROOT),
            engine.title().replace(' ', '-'),
            megabytes,
            warm ? "-warm" : "");
  }

  String title() {
    return "%s %s %s %s x%d"
        .formatted(
            volume.name().toLowerCase(Locale.ROOT),
            engine.title(),
            size(megabytes),
            warm ? "warm" : "cold",
            atOnce);
  }

  static String size(int megabytes) {
    return megabytes >= 1024 ? megabytes / 1024 + " GiB" : megabytes + " MiB";
  }
}
