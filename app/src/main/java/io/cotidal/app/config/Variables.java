package io.cotidal.app.config;

import java.util.List;
import java.util.Map;

/** The environment as a configuration without a file: values with where they came from. */
final class Variables {
  private final Map<String, String> environment;
  private final Report report;

  Variables(Map<String, String> environment, Report report) {
    this.environment = environment;
    this.report = report;
  }

  /** Notes lines for the explanation; each begins with the variable that it is about. */
  void explain(String path, List<String> lines) {
    for (String line : lines) {
      String name = line.split("[= ]", 2)[0];
      report.value(path, line, set(name) ? Place.environment(name) : Place.DEFAULT);
    }
  }

  /** Whether the variable says anything. */
  boolean set(String variable) {
    return !environment.getOrDefault(variable, "").isBlank();
  }

  /** What {@code variable} says for {@code path}, or {@code standard}. */
  <T> T get(String variable, String path, Form<T> form, T standard) {
    if (!set(variable)) {
      return standard;
    }
    String text = environment.getOrDefault(variable, "");
    return switch (form.read(text)) {
      case Form.Read.Fit<T> fit -> {
        report.value(path, Quote.line(text), Place.environment(variable));
        yield fit.value();
      }
      case Form.Read.Unfit<T> unfit -> {
        report.problem(Place.environment(variable), path, unfit.reason(), unfit.remedy());
        yield standard;
      }
    };
  }
}
