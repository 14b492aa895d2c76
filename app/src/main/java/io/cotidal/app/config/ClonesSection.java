package io.cotidal.app.config;

import io.cotidal.postgres.spec.Clones;
import io.cotidal.postgres.spec.Fault;
import java.time.Duration;

/** Reads how a failover is rehearsed on throw-away clones. */
final class ClonesSection {
  private static final String KEY = "rehearsal";
  private static final int LEAST_PORT = 1_024;
  private static final int MOST_PORT = 65_000;

  private ClonesSection() {}

  static Clones read(Section cluster) {
    Section section = cluster.section(KEY).orElseGet(() -> cluster.absent(KEY));
    Clones standard = Clones.PLAIN;
    Clones read =
        new Clones(
            section.get(
                "every",
                Forms.duration(Duration.ZERO, Duration.ofDays(366)),
                Value.standard(standard.every(), Durations.show(standard.every()))),
            section.get(
                "fault", fault(), Value.standard(standard.fault(), standard.fault().word())),
            section.find("folder", Forms.absolutePath()).map(Value::value),
            section.get("limit", Forms.bytes(), Value.standard(standard.limit(), "50GiB")),
            section.get("rate", Forms.bytes(), Value.standard(standard.rate(), "(none)")),
            section.get(
                "port",
                Forms.whole(LEAST_PORT, MOST_PORT),
                Value.standard(standard.port(), String.valueOf(standard.port()))),
            section.find("bin", Forms.absolutePath()).map(Value::value),
            section.find("user", Forms.account()).map(Value::value));
    section.close();
    return read;
  }

  private static Form<Fault> fault() {
    return text ->
        Fault.of(text)
            .map(Form::fit)
            .orElseGet(
                () -> Form.unfit(Quote.of(text) + " is no fault", "write one of " + Fault.words()));
  }
}
