package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;

import io.cotidal.model.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How the part of the configuration that belongs to one kind is read. What it comes to is a record
 * of the kind's own, found again by its type.
 *
 * @param <T> what it comes to
 */
public abstract class KindSection<T> {
  private final String key;
  private final Class<T> part;

  /**
   * The section of that kind.
   *
   * @param key the kind's name, and its key at the top of the file
   */
  KindSection(String key, Class<T> part) {
    this.key = key;
    this.part = part;
  }

  /** The kind's name, and its key at the top of the file. */
  public final String key() {
    return key;
  }

  final Class<T> part() {
    return part;
  }

  /**
   * Reads what the operator asked for of this kind. What is wrong is reported, and the answer not
   * used then.
   *
   * @param root the whole file
   */
  abstract T read(Section root, Given given);

  /**
   * What is wrong with a configuration of this kind that was written for somebody, whatever its
   * secrets.
   */
  public final List<Problem> faults(String yaml) {
    Path root = Path.of("/");
    Loaded loaded =
        new ConfigurationParser(List.of(this), Map.of(), Map.of(), root)
            .parse("the written configuration", yaml, root, reference -> fit(new Secret("-")));
    return switch (loaded) {
      case Loaded.Valid _ -> List.of();
      case Loaded.Invalid invalid -> invalid.problems();
    };
  }

  /** Whether this environment alone, without a file, is a configuration of this kind. */
  boolean meant(Map<String, String> environment) {
    return false;
  }

  /**
   * What a section is read with.
   *
   * @param report takes what is wrong and what is in force
   */
  record Given(Map<String, String> environment, Secrets secrets, Report report) {}
}
