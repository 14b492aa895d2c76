package io.cotidal.app.config;

import io.cotidal.model.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One mapping of the file, read key by key. What is not asked for by {@link #close} is unknown, and
 * reported with the nearest key that was.
 */
final class Section {
  private final String file;
  private final Report report;
  private final String path;
  private final Tree.Mapping node;
  private final int line;
  private final Set<String> asked = new TreeSet<>();

  /**
   * A view on {@code node}.
   *
   * @param path the keys that lead to it; empty for the whole file
   */
  Section(String file, Report report, String path, Tree.Mapping node) {
    this(file, report, path, node, node.line());
  }

  private Section(String file, Report report, String path, Tree.Mapping node, int line) {
    this.line = line;
    this.file = file;
    this.report = report;
    this.path = path;
    this.node = node;
  }

  /** The path of {@code key} here. */
  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** Where this section begins. */
  Place place() {
    return Place.line(file, line);
  }

  /** Where {@code key} stands; where the section begins if it is not there. */
  Place place(String key) {
    Tree.Entry entry = node.entries().get(key);
    return Place.line(file, entry == null ? line : entry.line());
  }

  /** Whether the key is there, whatever it holds. */
  boolean has(String key) {
    asked.add(key);
    return node.entries().containsKey(key);
  }

  /** Reports a fault of {@code key}. */
  void problem(String key, String reason, String remedy) {
    report.problem(place(key), path(key), reason, remedy);
  }

  /** Reports a fault of the section as a whole. */
  void reject(String reason, String remedy) {
    report.problem(place(), path, reason, remedy);
  }

  /** How many items the list under {@code key} has; -1 if there is no list. */
  int count(String key) {
    Tree.Entry entry = node.entries().get(key);
    return entry != null && entry.value() instanceof Tree.Items list ? list.items().size() : -1;
  }

  /** A section without keys in the place of one that nobody wrote; its values are the defaults. */
  Section absent(String key) {
    return new Section(file, report, path(key), Tree.Mapping.none(line));
  }

  /** The key's value, if it is there and fits; what does not fit is reported. */
  <T> Optional<Value<T>> find(String key, Form<T> form) {
    return text(key)
        .flatMap(text ->
            switch (form.read(text.text())) {
              case Form.Read.Fit<T> fit ->
                  Optional.of(
                      new Value<>(
                          fit.value(), Quote.line(text.text()), Place.line(file, text.line())));
              case Form.Read.Unfit<T> unfit -> {
                report.problem(
                    Place.line(file, text.line()), path(key), unfit.reason(), unfit.remedy());
                yield Optional.empty();
              }
            });
  }

  /** The key's value, or {@code otherwise}; what holds is noted for the explanation. */
  <T> T get(String key, Form<T> form, Value<T> otherwise) {
    Value<T> value = find(key, form).orElse(otherwise);
    report.value(path(key), value.shown(), value.place());
    return value.value();
  }

  /** The key's value, or {@code otherwise}; reported if there is neither. */
  <T> Optional<T> need(String key, Form<T> form, Optional<Value<T>> otherwise, String remedy) {
    boolean written = has(key);
    Optional<Value<T>> value = find(key, form);
    if (!written) {
      value = otherwise;
      if (otherwise.isEmpty()) {
        report.problem(place(), path(key), "is missing", remedy);
      }
    }
    value.ifPresent(each -> report.value(path(key), each.shown(), each.place()));
    return value.map(Value::value);
  }

  private Optional<Tree.Text> text(String key) {
    Optional<Tree> tree = tree(key);
    if (tree.isPresent() && tree.get() instanceof Tree.Text text) {
      return Optional.of(text);
    }
    tree.ifPresent(
        other -> problem(key, "must be a single value, is " + other.what(), "write one value"));
    return Optional.empty();
  }

  private Optional<Tree> tree(String key) {
    asked.add(key);
    Tree.Entry entry = node.entries().get(key);
    if (entry == null) {
      return Optional.empty();
    }
    if (entry.value() instanceof Tree.Text text && text.empty()) {
      problem(key, "has no value", "write one, or remove the key");
      return Optional.empty();
    }
    return Optional.of(entry.value());
  }

  /** The mapping under {@code key}, if it is there. The caller closes it. */
  Optional<Section> section(String key) {
    return tree(key).flatMap(tree -> mapping(path(key), tree, place(key).line()));
  }

  private Optional<Section> mapping(String at, Tree tree, int begins) {
    if (tree instanceof Tree.Mapping mapping) {
      return Optional.of(new Section(file, report, at, mapping, begins));
    }
    report.problem(
        Place.line(file, begins),
        at,
        "must be a mapping, is " + tree.what(),
        "write its keys below it");
    return Optional.empty();
  }

  /** The mappings under the names that the operator chose, in their order. */
  Map<String, Section> named(String key) {
    Map<String, Section> sections = new LinkedHashMap<>();
    Optional<Section> all = section(key);
    if (all.isPresent()) {
      Section parent = all.get();
      parent
          .node
          .entries()
          .forEach((name, entry) -> {
            parent.asked.add(name);
            parent
                .mapping(parent.path(name), entry.value(), entry.line())
                .ifPresent(section -> sections.put(name, section));
          });
      parent.close();
    }
    return sections;
  }

  /** The mappings of the list under {@code key}. */
  List<Section> items(String key) {
    Optional<Tree> tree = tree(key);
    if (tree.isEmpty()) {
      return List.of();
    }
    if (!(tree.get() instanceof Tree.Items list)) {
      problem(
          key,
          "must be a list, is " + tree.get().what(),
          "write one item a line, each after a dash");
      return List.of();
    }
    List<Section> sections = new ArrayList<>();
    for (int i = 0; i < list.items().size(); i++) {
      Tree item = list.items().get(i);
      mapping(path(key) + "[" + list.name(i) + "]", item, item.line()).ifPresent(sections::add);
    }
    return sections;
  }

  /** The texts of the list under {@code key}; empty if there is none, or a fault in it. */
  List<String> words(String key, Form<String> form) {
    Optional<Tree> tree = tree(key);
    if (tree.isEmpty()) {
      return List.of();
    }
    List<String> words = new ArrayList<>();
    boolean well = tree.get() instanceof Tree.Items;
    if (tree.get() instanceof Tree.Items list) {
      for (Tree item : list.items()) {
        well &= item instanceof Tree.Text text && form.read(text.text()) instanceof Form.Read.Fit;
        if (item instanceof Tree.Text text) {
          words.add(text.text());
        }
      }
    }
    if (!well || words.isEmpty()) {
      problem(
          key, "must be a list of texts", "write [TEXT, TEXT] with quotes where they are needed");
      return List.of();
    }
    report.value(path(key), Quote.line(String.join(" ", words)), place(key));
    return words;
  }

  /** Keys of the operator's choice, each with a text that {@code form} takes. */
  <T> Map<String, T> texts(String key, Form<String> names, Form<T> form) {
    Map<String, T> values = new LinkedHashMap<>();
    Optional<Section> all = section(key);
    if (all.isPresent()) {
      Section parent = all.get();
      for (String name : parent.node.entries().keySet()) {
        if (names.read(name) instanceof Form.Read.Unfit<String> unfit) {
          parent.asked.add(name);
          parent.problem(name, unfit.reason(), unfit.remedy());
        } else {
          parent.need(name, form, Optional.empty(), "").ifPresent(value -> values.put(name, value));
        }
      }
      parent.close();
    }
    return values;
  }

  /**
   * The secret that {@code key} refers to, as {@code {secret: env:NAME}}. Whatever else stands
   * there may be a secret itself, and no message shows it.
   */
  Optional<Secret> secret(String key, Secrets secrets) {
    Optional<Tree> tree = tree(key);
    if (tree.isEmpty()) {
      if (!node.entries().containsKey(key)) {
        problem(key, "is missing", SecretReference.REMEDY);
      }
      return Optional.empty();
    }
    return switch (SecretReference.in(tree.get())) {
      case Form.Read.Fit<Tree.Text> reference -> resolve(key, reference.value(), secrets);
      case Form.Read.Unfit<Tree.Text> unfit -> {
        problem(key, unfit.reason(), unfit.remedy());
        yield Optional.empty();
      }
    };
  }

  private Optional<Secret> resolve(String key, Tree.Text reference, Secrets secrets) {
    Place at = Place.line(file, reference.line());
    return switch (secrets.resolve(reference.text())) {
      case Form.Read.Fit<Secret> fit -> {
        report.value(path(key), "*** (" + Quote.line(reference.text()) + ")", at);
        yield Optional.of(fit.value());
      }
      case Form.Read.Unfit<Secret> unfit -> {
        report.problem(at, path(key), unfit.reason(), unfit.remedy());
        yield Optional.empty();
      }
    };
  }

  /** Reports what nobody asked for. */
  void close() {
    close(false);
  }

  /**
   * Reports what nobody asked for, and names of it only what resembles a key: beside a password,
   * what looks like a key may be the password.
   */
  void closeDiscreetly() {
    close(true);
  }

  private void close(boolean discreet) {
    for (Tree.Repeated repeated : node.repeated()) {
      String key = repeated.key();
      report.problem(
          Place.line(file, repeated.line()),
          discreet && !asked.contains(key) ? path : path(key),
          "is there already (line " + place(key).line() + ")",
          "keep one of them");
    }
    node.entries()
        .forEach((key, entry) -> {
          if (!asked.contains(key)) {
            unknown(key, entry, discreet);
          }
        });
  }

  private void unknown(String key, Tree.Entry entry, boolean discreet) {
    Optional<String> near = Nearest.to(key, asked);
    String known = asked.isEmpty() ? "remove it" : "known keys here: " + String.join(", ", asked);
    report.problem(
        Place.line(file, entry.line()),
        discreet && near.isEmpty() ? path : path(key),
        "unknown key",
        near.map(word -> "did you mean " + word + "?").orElse(known));
  }
}
